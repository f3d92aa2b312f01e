"""What each application may know of people, for how long and why: the service contracts."""

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

from etoile.design.parts import Cell, Table
from etoile.gru.access.models import ApiClient, Authority, Sector
from etoile.gru.access.services import Refused
from etoile.gru.administration.forms import Plain, day, line, lines
from etoile.gru.administration.views.signatories import named
from etoile.gru.backoffice.guard import right_required
from etoile.gru.cases.services import AGENTS_ALONE
from etoile.gru.contracts import queries, services
from etoile.gru.contracts.grants import covers
from etoile.gru.contracts.models import Contract, State, Way
from etoile.gru.contracts.vocabulary import ATTRIBUTES, LEVELS, MOST_WRITTEN
from etoile.gru.forms.models import Procedure, ProcedureState

_INVALID = gettext_lazy("Cette date ne se lit pas. Exemple : 15/01/2027.")
TONES = {State.COMING: "info", State.IN_FORCE: "success", State.SUSPENDED: "warning", State.ENDED: "neutral"}


class ContractForm(Plain):
    application = line(
        gettext_lazy("Application"),
        required=gettext_lazy("Écrivez le nom de l’application."),
        hint=gettext_lazy("Le nom qu’elle porte dans le concentrateur. Exemple : services-famille"),
        most=120,
    )
    client = forms.ModelChoiceField(
        label=gettext_lazy("Programme de l’API"),
        queryset=ApiClient.objects.none(),
        required=False,
        empty_label=gettext_lazy("aucun : elle reçoit par le concentrateur"),
    )
    purpose = lines(
        gettext_lazy("Pourquoi"),
        rows=2,
        required=gettext_lazy("Écrivez à quoi servent les données : la personne peut le lire."),
        hint=gettext_lazy("Exemple : inscrire les enfants à la cantine et joindre leurs responsables"),
        most=500,
    )
    legal_basis = line(
        gettext_lazy("Base légale"),
        required=gettext_lazy("Écrivez la base légale."),
        hint=gettext_lazy("Exemple : mission d’intérêt public (RGPD, art. 6.1.e)"),
        most=300,
    )
    contact = line(gettext_lazy("Qui répond de l’application"), hint=gettext_lazy("Un nom, un courriel."), most=254)
    begins_on = day(
        gettext_lazy("Premier jour"), required=gettext_lazy("Écrivez le premier jour du contrat."), invalid=_INVALID
    )
    ends_on = day(gettext_lazy("Dernier jour"), hint=gettext_lazy("Vide : sans fin prévue."), invalid=_INVALID)
    retention_months = forms.IntegerField(
        label=gettext_lazy("Mois de conservation par l’application"),
        min_value=1,
        max_value=1200,
        error_messages={"required": gettext_lazy("Écrivez combien de mois l’application garde ces données.")},
    )
    procedures = forms.MultipleChoiceField(
        label=gettext_lazy("Démarches"), required=False, widget=forms.CheckboxSelectMultiple
    )
    sectors = forms.MultipleChoiceField(
        label=gettext_lazy("Tout un secteur"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, authority: Authority, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["client"].queryset = ApiClient.objects.filter(authority=authority).order_by("name")  # type: ignore[attr-defined]
        self.fields["procedures"].choices = named(authority)  # type: ignore[attr-defined]
        found = Sector.objects.filter(authority=authority).order_by("name")
        self.fields["sectors"].choices = list(found.values_list("slug", "name"))  # type: ignore[attr-defined]
        for key, label in ATTRIBUTES.items():
            self.fields[f"read_{key}"] = _levels(label, _("ne la reçoit pas"), list(LEVELS))
            self.fields[f"write_{key}"] = _levels(
                label, _("ne l’écrit pas"), [level for level in LEVELS if level <= MOST_WRITTEN]
            )

    def read_fields(self) -> list[forms.BoundField]:
        return [self[f"read_{key}"] for key in ATTRIBUTES]

    def write_fields(self) -> list[forms.BoundField]:
        return [self[f"write_{key}"] for key in ATTRIBUTES]

    def writes(self) -> bool:
        """Whether something is written, or asked to be."""
        return any(each.value() for each in self.write_fields())

    def values(self) -> dict[str, Any]:
        """As `contracts.services.keep` takes them."""
        given = self.cleaned_data
        levels = {
            key: {name: int(given[f"{name}_{key}"]) for name in ("read", "write") if given[f"{name}_{key}"]}
            for key in ATTRIBUTES
        }
        return {
            **{name: given[name] for name in services.FIELDS if name in given},
            "way": Way.API if given["client"] else Way.HUB,
            "attributes": {key: held for key, held in levels.items() if held},
        }


def _levels(label: Any, none: str, levels: list[int]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, required=False, choices=[("", none), *((str(each), LEVELS[each]) for each in levels)]
    )


@right_required("contracts.manage")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Three statements besides those of the frame."""
    authority: Authority = request.user.authority
    today, titles = authority.today(), dict(named(authority))
    held = list(queries.of_authority(authority))
    table = Table(
        _("Contrats de service"),
        [_("Application"), _("Démarches et secteurs"), _("Reçoit"), _("Du"), _("Au"), _("État")],
        [_row(each, titles, today) for each in held],
    )
    shown = {
        "table": table,
        "title": _("Contrats de service"),
        "nameless": [titles.get(slug, slug) for slug in _nameless(authority, held, today)],
    }
    return render(request, "administration/contracts.html", shown)


def _nameless(authority: Authority, held: list[Contract], today: date) -> list[str]:
    """Slugs of the procedures in service whose requests leave for the hub without a name. One statement."""
    found = Procedure.objects.filter(authority=authority, current__isnull=False, state=ProcedureState.PUBLISHED)
    rows = found.order_by("slug").values_list("slug", "team__sector__slug", "current__source__treatment")
    live = [each for each in held if each.way == Way.HUB and each.state_on(today) == State.IN_FORCE]
    return [
        slug
        for slug, sector, treatment in rows
        if treatment != AGENTS_ALONE and not any(covers(each, slug, sector) and _names(each) for each in live)
    ]


def _names(contract: Contract) -> bool:
    return any((contract.attributes.get(key) or {}).get("read") is not None for key in ("family_name", "organisation"))


def _row(each: Contract, titles: dict[str, str], today: date) -> list[Cell]:
    state = each.state_on(today)
    read = [str(label) for key, label in ATTRIBUTES.items() if each.attributes.get(key, {}).get("read") is not None]
    return [
        Cell(each.application, href=reverse("administration:contract", args=[each.pk]), note=Way(each.way).label),
        Cell(", ".join([*(titles.get(slug, slug) for slug in each.procedures), *each.sectors])),
        Cell(", ".join(read) or _("rien")),
        Cell(date_format(each.begins_on, "SHORT_DATE_FORMAT")),
        Cell(date_format(each.ends_on, "SHORT_DATE_FORMAT") if each.ends_on else "–"),
        Cell(state.label, tone=TONES[state]),
    ]


@right_required("contracts.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    authority: Authority = request.user.authority
    known = get_object_or_404(queries.of_authority(authority), pk=pk) if pk is not None else None
    form = ContractForm(authority, request.POST or None, initial=_begun(known, authority))
    if request.method == "POST" and form.is_valid():
        try:
            services.keep(authority, form.values(), client=form.cleaned_data["client"], by=request.user, pk=pk)
        except Refused as refusal:
            form.add_error(None, " ".join(refusal.problems))
        else:
            notes.success(request, _("Le contrat est enregistré. Il vaut dès la prochaine transmission."))
            return redirect("administration:contracts")
    state = known.state_on(authority.today()) if known else None
    shown = {
        "form": form,
        "known": known,
        "state": state.label if state else "",
        "tone": TONES[state] if state else "",
        "may_end": state in (State.IN_FORCE, State.SUSPENDED, State.COMING),
        "title": str(known) if known else _("Ajouter un contrat"),
        "back": "administration:contracts",
        "back_words": _("Contrats de service"),
    }
    return render(request, "administration/contract.html", shown, status=422 if form.errors else 200)


def _begun(known: Contract | None, authority: Authority) -> dict[str, Any]:
    if known is None:
        return {"begins_on": authority.today()}
    plain = {name: getattr(known, name) for name in services.FIELDS if name not in ("way", "attributes")}
    levels = {
        f"{name}_{key}": str(level)
        for key, held in known.attributes.items()
        for name, level in held.items()
        if level is not None
    }
    return {**plain, **levels, "client": known.client_id}  # type: ignore[attr-defined]


@right_required("contracts.manage")
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Suspend with a reason, resume, or end tonight."""
    known = get_object_or_404(queries.of_authority(request.user.authority), pk=pk)
    if "resume" in request.POST:
        services.resume(known, by=request.user)
        notes.success(request, _("Le contrat reprend. L’application reçoit de nouveau ce qu’il permet."))
    elif "end" in request.POST:
        services.end(known, request.user.authority.today(), by=request.user)
        notes.success(request, _("Le contrat finit ce soir. L’application n’aura plus rien des personnes."))
    else:
        try:
            services.suspend(known, request.POST.get("why", ""), by=request.user)
        except Refused as refusal:
            notes.error(request, " ".join(refusal.problems))
            return redirect("administration:contract", pk=pk)
        notes.success(request, _("Le contrat est suspendu. L’application ne reçoit plus rien des personnes."))
    return redirect("administration:contract", pk=pk)
