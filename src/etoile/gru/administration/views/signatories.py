"""Who signs decisions, for which procedures, from when to when."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from etoile.design.forms import Plain, day, line
from etoile.design.parts import Cell, Table
from etoile.gru.access import signing
from etoile.gru.access.models import Account, Authority, Delegation
from etoile.gru.access.services import Refused
from etoile.gru.backoffice.guard import right_required
from etoile.gru.forms.models import Procedure

# A delegation that ends within so many days is told.
SOON = 30
FORMULA = gettext_lazy("Pour le maire et par délégation")


class DelegationForm(Plain):
    account = forms.ModelChoiceField(
        label=gettext_lazy("Agent"),
        queryset=Account.objects.none(),
        empty_label=None,
        error_messages={"required": gettext_lazy("Choisissez l’agent qui signe.")},
    )
    given_name = line(gettext_lazy("Prénom"), required=gettext_lazy("Écrivez le prénom : la loi l’imprime."), most=100)
    family_name = line(gettext_lazy("Nom"), required=gettext_lazy("Écrivez le nom : la loi l’imprime."), most=100)
    capacity = line(
        gettext_lazy("Qualité"),
        required=gettext_lazy("Écrivez la qualité, par exemple : adjointe à l’état civil."),
        hint=gettext_lazy("Exemple : adjointe à l’état civil"),
        most=150,
    )
    service = line(
        gettext_lazy("Service"), required=gettext_lazy("Écrivez le service auquel cette personne appartient.")
    )
    formula = line(gettext_lazy("Formule au-dessus du nom"), hint=gettext_lazy("Vide : rien n’est imprimé."))
    act = line(gettext_lazy("Arrêté de délégation"), hint=gettext_lazy("Exemple : arrêté 2026-118 du 3 mai 2026"))
    begins_on = day(
        gettext_lazy("Premier jour"),
        required=gettext_lazy("Écrivez le premier jour de la délégation."),
    )
    ends_on = day(gettext_lazy("Dernier jour"), hint=gettext_lazy("Vide : sans fin prévue."))
    procedures = forms.MultipleChoiceField(
        label=gettext_lazy("Démarches"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Aucune case cochée : toutes les démarches."),
    )

    def __init__(self, authority: Authority, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agents = Account.objects.filter(authority=authority, is_active=True).order_by("family_name", "given_name")
        self.fields["account"].queryset = agents  # type: ignore[attr-defined]
        self.fields["procedures"].choices = named(authority)  # type: ignore[attr-defined]


def named(authority: Authority) -> list[tuple[str, str]]:
    """Slug and title of each procedure. One statement."""
    found = Procedure.objects.filter(authority=authority).select_related("current").order_by("slug")
    return [(each.slug, str(each.current.name) if each.current else each.slug) for each in found]


@right_required("accounts.manage")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Two statements besides those of the frame."""
    authority: Authority = request.user.authority
    titles, today = dict(named(authority)), authority.today()
    rows = [_row(each, titles, today) for each in signing.of_authority(authority)]
    table = Table(
        _("Délégations de signature"),
        [_("Signataire"), _("Service"), _("Démarches"), _("Du"), _("Au"), _("État")],
        rows,
    )
    shown = {"table": table, "title": _("Signataires")}
    return render(request, "administration/signatories.html", shown)


def _row(each: Delegation, titles: dict[str, str], today: date) -> list[Cell]:
    words, tone = state_of(each, today)
    return [
        Cell(
            f"{each.given_name} {each.family_name}",
            href=reverse("administration:signatory", args=[each.pk]),
            note=each.capacity,
        ),
        Cell(each.service),
        Cell(", ".join(titles.get(slug, slug) for slug in each.procedures) or _("toutes")),
        Cell(date_format(each.begins_on, "SHORT_DATE_FORMAT")),
        Cell(date_format(each.ends_on, "SHORT_DATE_FORMAT") if each.ends_on else "–"),
        Cell(words, tone=tone),
    ]


def state_of(each: Delegation, today: date) -> tuple[str, str]:
    """In words, and their tone."""
    if today < each.begins_on:
        return _("à venir"), "info"
    if not signing.in_force(each, today) or not each.account.is_active:
        return _("terminée") if each.account.is_active else _("accès fermé"), "neutral"
    if each.ends_on and (each.ends_on - today).days <= SOON:
        return _("finit bientôt"), "warning"
    return _("en vigueur"), "success"


@right_required("accounts.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    authority: Authority = request.user.authority
    known = get_object_or_404(signing.of_authority(authority), pk=pk) if pk is not None else None
    form = DelegationForm(authority, request.POST or None, initial=_begun(known, authority))
    if request.method == "POST" and form.is_valid():
        try:
            signing.keep(authority, form.cleaned_data["account"], form.cleaned_data, by=request.user, pk=pk)
        except Refused as refusal:
            form.add_error(None, " ".join(refusal.problems))
        else:
            notes.success(request, _("La délégation est enregistrée. Les prochaines décisions la suivent."))
            return redirect("administration:signatories")
    shown = {
        "form": form,
        "known": known,
        "title": str(known) if known else _("Ajouter un signataire"),
        "back": "administration:signatories",
        "back_words": _("Signataires"),
    }
    return render(request, "administration/signatory.html", shown, status=422 if form.errors else 200)


def _begun(known: Delegation | None, authority: Authority) -> dict[str, Any]:
    if known is None:
        return {"formula": str(FORMULA), "begins_on": authority.today()}
    return {"account": known.account_id, **{name: getattr(known, name) for name in signing.FIELDS}}  # type: ignore[attr-defined]


@right_required("accounts.manage")
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    known = get_object_or_404(signing.of_authority(request.user.authority), pk=pk)
    if "remove" in request.POST:
        signing.remove(known, by=request.user)
        notes.success(request, _("La délégation est retirée. Les décisions déjà signées ne changent pas."))
    else:
        signing.end(known, request.user.authority.today(), by=request.user)
        notes.success(request, _("La délégation finit ce soir. Les décisions déjà signées ne changent pas."))
    return redirect("administration:signatories")
