"""Applications: the list, the page of one, creating and changing it, its contract, its access to the API."""

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from etoile.hub.console import registry_forms as forms
from etoile.hub.console import registry_queries as queries
from etoile.hub.console import registry_words as words
from etoile.hub.console.access import operator_required
from etoile.hub.console.words import kind
from etoile.hub.registry import editing
from etoile.hub.registry.changes import By
from etoile.hub.registry.models import Application, Authority, Credential, Interface, Subscription
from etoile.hub.registry.star import ApplicationPart, AuthorityPart, InterfacePart, StarError
from etoile.hub.registry.star_checks import HUB

PLACES = {"document_secret": "document_reference", "operation": "scopes"}


def found(slug: str) -> Application:
    return get_object_or_404(Application.objects.exclude(slug=HUB), slug=slug)


def by(request: HttpRequest, reason: str) -> By:
    return By(request.user.email, reason)  # type: ignore[union-attr]


def meanwhile() -> str:
    return _("Quelqu’un d’autre l’a changé entre-temps. Ouvrez de nouveau la page, puis refaites votre changement.")


@operator_required
@require_safe
def application_list(request: HttpRequest) -> HttpResponse:
    rows = list(queries.applications())
    stands = {each.row.pk: each for each in queries.stands(list(Subscription.objects.all()))}
    shown = [(row, [stands[each.pk] for each in row.subscriptions.all()]) for row in rows]  # type: ignore[attr-defined]
    context = {"applications": shown, "authorities": Authority.objects.all()}
    return render(request, "console/registry/applications.html", context)


@operator_required
@require_safe
def application(request: HttpRequest, slug: str) -> HttpResponse:
    return show(request, found(slug))


def show(
    request: HttpRequest,
    row: Application,
    *,
    secret: tuple[str, str] | None = None,
    withdrawing: forms.WithdrawForm | None = None,
) -> HttpResponse:
    """`secret`: an identifier and the secret made for it, shown this once. `withdrawing`: a form refused."""
    emits, receives = ([(each, kind(each.message_type.type)) for each in lines] for lines in queries.contract(row))
    subscriptions = Subscription.objects.filter(application=row).select_related("application", "message_type")
    context = {
        "application": row,
        "authorities": row.authorities.all(),
        "emits": emits,
        "receives": receives,
        "stands": queries.stands(list(subscriptions)),
        "credentials": [(each, _withdrawal(each, withdrawing)) for each in Credential.objects.filter(application=row)],
        "withdrawing": withdrawing,
        "history": words.history(queries.changes_of_application(row.slug)),
        "may_change": request.user.may("administrator"),  # type: ignore[union-attr]
        "secret": secret,
    }
    return render(request, "console/registry/application.html", context, status=422 if withdrawing else 200)


def _withdrawal(credential: Credential, refused: forms.WithdrawForm | None) -> forms.WithdrawForm:
    """The form that withdraws one access: the one that was refused, if it was about this access."""
    if refused is not None and refused.data.get("client_id") == credential.client_id:
        return refused
    return forms.WithdrawForm(initial={"client_id": credential.client_id}, auto_id=f"retrait-{credential.pk}-%s")


@operator_required("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("document_secret")
def application_new(request: HttpRequest) -> HttpResponse:
    form = forms.ApplicationForm(request.POST or None, creating=True)
    if request.method == "POST" and form.is_valid() and _kept(request, form, None):
        return redirect("console:application", slug=form.cleaned_data["slug"])
    return _form(request, form, None)


@operator_required("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("document_secret")
def application_edit(request: HttpRequest, slug: str) -> HttpResponse:
    row = found(slug)
    held = editing.part_of_application(row)
    if request.method != "POST":
        seen = editing.version("application", slug)
        return _form(
            request, forms.ApplicationForm(initial=forms.initial_of(held) | {"seen": seen}, creating=False), row
        )
    form = forms.ApplicationForm(request.POST, creating=False)
    if form.is_valid() and _kept(request, form, held):
        return redirect("console:application", slug=slug)
    return _form(request, form, row)


def _kept(request: HttpRequest, form: forms.ApplicationForm, held: ApplicationPart | None) -> bool:
    given = form.cleaned_data
    try:
        editing.keep_application(
            form.part(held),
            by=by(request, given["reason"]),
            document_secret=given["document_secret"] or None,
            seen=given["seen"] if held else None,
        )
    except editing.ChangedMeanwhileError:
        form.add_error(None, meanwhile())
        return False
    except StarError as refusal:
        forms.add_problems(form, refusal.problems, PLACES)
        return False
    notes.success(request, _("L’application est enregistrée."))
    return True


def _form(request: HttpRequest, form: forms.ApplicationForm, row: Application | None) -> HttpResponse:
    context = {"form": form, "application": row}
    return render(request, "console/registry/application_form.html", context, status=422 if form.errors else 200)


@operator_required("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
def contract(request: HttpRequest, slug: str) -> HttpResponse:
    """What is expected of each message: behaviour, delay, and whether anybody must receive it."""
    row = found(slug)
    lines = list(Interface.objects.filter(application=row).select_related("message_type"))
    form = forms.Reasoned(request.POST or None, initial={"seen": editing.version("application", slug)})
    if request.method == "POST" and form.is_valid():
        held = editing.part_of_application(row)
        part = held.model_copy(
            update={
                "emits": [_line(request, each, lines) for each in held.emits if isinstance(each, InterfacePart)],
                "receives": [_line(request, each, lines) for each in held.receives if isinstance(each, InterfacePart)],
            }
        )
        try:
            editing.keep_application(part, by=by(request, form.cleaned_data["reason"]), seen=form.cleaned_data["seen"])
        except editing.ChangedMeanwhileError:
            form.add_error(None, meanwhile())
        else:
            notes.success(request, _("Le contrat est enregistré."))
            return redirect("console:application", slug=slug)
    shown = [(each, kind(each.message_type.type)) for each in lines]
    context = {"application": row, "lines": shown, "form": form}
    return render(request, "console/registry/contract.html", context, status=422 if form.errors else 200)


def _line(request: HttpRequest, part: InterfacePart, lines: list[Interface]) -> InterfacePart:
    row = next(each for each in lines if each.message_type.type == part.type)
    if f"comportement-{row.pk}" not in request.POST:
        return part
    return part.model_copy(
        update={
            "expected_behaviour": request.POST[f"comportement-{row.pk}"].replace("\r\n", "\n").strip()[:2000],
            "service_level": request.POST.get(f"delai-{row.pk}", "").strip()[:200],
            "expected": row.direction == "in" or f"attendu-{row.pk}" in request.POST,
        }
    )


@operator_required("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
def credential_new(request: HttpRequest, slug: str) -> HttpResponse:
    """The secret is made here, shown once, and kept only as a hash."""
    row = found(slug)
    form = forms.CredentialForm(request.POST or None, initial={"client_id": slug})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            secret = editing.make_credential(
                slug,
                given["client_id"],
                given["scopes"],
                by=by(request, given["reason"]),
                operation=form.operation,
            )
        except StarError as refusal:
            forms.add_problems(form, refusal.problems, PLACES)
        else:
            return show(request, row, secret=(given["client_id"], secret))
    context = {"form": form, "application": row}
    return render(request, "console/registry/credential.html", context, status=422 if form.errors else 200)


@operator_required("administrator")
@require_POST
def credential_withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    row = found(slug)
    form = forms.WithdrawForm(request.POST)
    if not form.is_valid():
        return show(request, row, withdrawing=form)
    credential = get_object_or_404(Credential, application=row, client_id=form.cleaned_data["client_id"])
    editing.withdraw_credential(credential.client_id, by=by(request, form.cleaned_data["reason"]))
    notes.success(request, _("L’accès est retiré : il n’ouvre plus rien."))
    return redirect("console:application", slug=slug)


@operator_required("administrator")
@require_http_methods(["GET", "HEAD", "POST"])
def authority_new(request: HttpRequest) -> HttpResponse:
    form = forms.AuthorityForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        editing.keep_authority(AuthorityPart(siret=given["siret"], name=given["name"]), by=by(request, given["reason"]))
        notes.success(request, _("La collectivité est enregistrée."))
        return redirect("console:applications")
    return render(request, "console/registry/authority.html", {"form": form}, status=422 if form.errors else 200)
