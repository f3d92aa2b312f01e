"""Who may use the console, for those who administer it."""

from django.contrib import messages as notes
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from etoile.hub.console import registry_queries as queries
from etoile.hub.console import registry_words as words
from etoile.hub.console.access import operator_required
from etoile.hub.console.pages.registry_applications import by
from etoile.hub.console.registry_forms import OperatorForm, RoleForm
from etoile.hub.registry import operators
from etoile.hub.registry.models import Operator


@operator_required("administrator")
@require_safe
def operator_list(request: HttpRequest) -> HttpResponse:
    return render(
        request, "console/registry/operators.html", {"operators": Operator.objects.order_by("-is_active", "email")}
    )


@operator_required("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password")
def operator_new(request: HttpRequest) -> HttpResponse:
    form = OperatorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            operators.create(
                given["email"],
                given["password"],
                name=given["name"],
                role=given["role"],
                by=by(request, given["reason"]),
            )
        except IntegrityError:
            form.add_error("email", _("Cette personne a déjà un compte."))
        except ValidationError as refusal:
            form.add_error("password", list(refusal.messages))
        else:
            notes.success(request, _("Le compte est ouvert."))
            return redirect("console:operators")
    return render(request, "console/registry/operator_new.html", {"form": form}, status=422 if form.errors else 200)


@operator_required("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
def operator(request: HttpRequest, pk: int) -> HttpResponse:
    """Gives another role, closes the account or opens it again."""
    person = get_object_or_404(Operator, pk=pk)
    form = RoleForm(request.POST or None, initial={"role": person.role})
    if request.method == "POST" and form.is_valid():
        try:
            _decide(request, person, form)
        except operators.LastAdministratorError:
            form.add_error(
                None, _("C’est la dernière personne qui administre le hub : donnez d’abord ce rôle à une autre.")
            )
        else:
            notes.success(request, _("C’est fait. Votre motif est dans l’historique."))
            return redirect("console:operators")
    context = {
        "person": person,
        "form": form,
        "history": words.history(queries.changes_of("operator", person.email)),
    }
    return render(request, "console/registry/operator.html", context, status=422 if form.errors else 200)


def _decide(request: HttpRequest, person: Operator, form: RoleForm) -> None:
    decided = by(request, form.cleaned_data["reason"])
    if "close" in request.POST:
        operators.close(person.email, by=decided)
    elif "reopen" in request.POST:
        operators.reopen(person.email, by=decided)
    elif "give" in request.POST:
        operators.give_role(person.email, form.cleaned_data["role"], by=decided)
    else:
        raise Http404
