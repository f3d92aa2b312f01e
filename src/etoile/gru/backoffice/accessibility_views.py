"""The accessibility of our own pages: the statement of the agents' pages, and where an administrator writes both."""

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from etoile.design.statement.view import view
from etoile.gru.access import statements
from etoile.gru.access.models import Authority, Product
from etoile.gru.access.services import Refused
from etoile.gru.backoffice.guard import right_required
from etoile.gru.backoffice.statement_form import StatementForm, initial_of


@require_safe
def statement(request: HttpRequest) -> HttpResponse:
    """Public, as the law wants: an agent who cannot sign in must be able to read it."""
    authority = getattr(request, "authority", None)
    if authority is None:
        raise Http404(_("Aucune collectivité n’est servie à cette adresse."))
    record = statements.record_of(authority, Product.BACKOFFICE, _address(request, Product.BACKOFFICE))
    shown = {"statement": view(record, authority.today())}
    return render(request, "backoffice/accessibility.html", shown)


@right_required("statements.publish")
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    authority: Authority = request.user.authority
    rows = [
        {
            "product": product,
            "declared": statements.in_force(authority, product),
            "standing": statements.standing_of(authority, product),
        }
        for product in Product
    ]
    return render(request, "backoffice/administration/accessibility.html", {"rows": rows})


@right_required("statements.publish")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, product: str) -> HttpResponse:
    if product not in Product.values:
        raise Http404(_("Cette page n’existe pas."))
    authority: Authority = request.user.authority
    form = _form(request, authority, product)
    if request.method == "POST" and form.is_valid():
        try:
            statements.publish(authority, product, form.record(), by=request.user)
        except Refused as refusal:
            form.refuse(refusal.problems)
        else:
            notes.success(request, _("La déclaration est publiée. La mention en bas des pages suit dès maintenant."))
            return redirect("backoffice:accessibility-admin")
    shown = {"form": form, "product": Product(product), "refused": form.errors}
    return render(request, "backoffice/administration/statement.html", shown, status=422 if form.errors else 200)


def _form(request: HttpRequest, authority: Authority, product: str) -> StatementForm:
    if request.method == "POST":
        return StatementForm(request.POST)
    declared = statements.in_force(authority, product)
    address = _address(request, product)
    return StatementForm(
        initial=initial_of(declared.record if declared else statements.draft(authority, product, address))
    )


def _address(request: HttpRequest, product: str) -> str:
    return request.build_absolute_uri(reverse("portal:home" if product == Product.PORTAL else "backoffice:inbox"))
