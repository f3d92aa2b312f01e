"""What each application may know of people, for how long and why: the service contracts."""

from datetime import date

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from etoile.design.parts import Cell, SummaryRow, Table
from etoile.gru.access.models import Authority, Sector
from etoile.gru.access.services import Refused
from etoile.gru.administration.contracting import SLASH, ContractForm, begun, closed_questions
from etoile.gru.administration.views.signatories import named
from etoile.gru.backoffice.guard import right_required
from etoile.gru.cases.resending import AGENTS_ALONE
from etoile.gru.contracts import queries, services
from etoile.gru.contracts.grants import covers
from etoile.gru.contracts.models import Contract, State, Way
from etoile.gru.contracts.vocabulary import ATTRIBUTES, LEVELS
from etoile.gru.forms.models import Procedure, ProcedureState
from etoile.gru.people.models import Level

TONES = {State.COMING: "info", State.IN_FORCE: "success", State.SUSPENDED: "warning", State.ENDED: "neutral"}


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
    form = ContractForm(authority, request.POST or None, initial=begun(known, authority))
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
        "summary": _summary(known, authority) if known else (),
        "state": state.label if state else "",
        "tone": TONES[state] if state else "",
        "may_end": state in (State.IN_FORCE, State.SUSPENDED, State.COMING),
        "title": str(known) if known else _("Ajouter un contrat"),
        "back": "administration:contracts",
        "back_words": _("Contrats de service"),
    }
    return render(request, "administration/contract.html", shown, status=422 if form.errors else 200)


def _summary(known: Contract, authority: Authority) -> list[SummaryRow]:
    """The contract as one reads it. Three statements."""
    titles, questions = dict(named(authority)), dict(closed_questions(authority))
    sectors = dict(Sector.objects.filter(authority=authority).values_list("slug", "name"))
    begins, ends = (date_format(each, "SHORT_DATE_FORMAT") if each else "" for each in (known.begins_on, known.ends_on))
    opened = [f"{slug}{SLASH}{each}" for slug, asked in known.answers.items() for each in asked]
    rows = [
        (_("Pourquoi"), [known.purpose]),
        (_("Base légale"), [known.legal_basis]),
        (_("Démarches"), [titles.get(slug, slug) for slug in known.procedures]),
        (_("Tout un secteur"), [sectors.get(slug, slug) for slug in known.sectors]),
        (_("Reçoit"), _said(known, "read") or [_("rien des personnes")]),
        (_("Réponses sensibles et pièces d’identité"), [questions.get(each, each) for each in opened]),
        (_("Complète"), _said(known, "write")),
        (_("Du"), [begins]),
        (_("Au"), [ends]),
        (_("Mois de conservation par l’application"), [str(known.retention_months)]),
        (_("Qui répond de l’application"), [known.contact]),
    ]
    return [SummaryRow(label, values) for label, values in rows if any(values)]


def _said(known: Contract, way: str) -> list[str]:
    """Each attribute, with how sure it must be unless it is as declared."""
    levels = {key: held.get(way) for key, held in known.attributes.items()}
    return [
        str(label) if level == Level.DECLARED else f"{label}, {LEVELS[level]}"
        for key, label in ATTRIBUTES.items()
        if (level := levels.get(key)) is not None
    ]


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
