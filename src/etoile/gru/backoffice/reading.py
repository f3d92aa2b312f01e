"""From a case to what the page shows: answers in the words of the procedure, history, deliveries."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from etoile.design.parts import Cell, SummaryRow, Table, TimelineEntry
from etoile.gru.cases.models import Case, Handoff, History
from etoile.gru.cases.states import State, Substate
from etoile.gru.cases.views_of_agent import AgentCase
from etoile.gru.forms.fields import TYPES

TONES = {
    State.SUBMITTED: "info",
    State.IN_PROGRESS: "progress",
    State.ACCEPTED: "success",
    State.REFUSED: "danger",
    State.CLOSED: "neutral",
    State.WITHDRAWN: "neutral",
}
HANDOFF_TONES = {
    Handoff.State.WAITING: "warning",
    Handoff.State.SENT: "progress",
    Handoff.State.ACKNOWLEDGED: "success",
    Handoff.State.REJECTED: "danger",
    Handoff.State.DEAD: "danger",
    Handoff.State.HELD: "neutral",
    Handoff.State.CANCELLED: "neutral",
}


def state_cell(case: Case) -> Cell:
    words = str(State(case.state).label)
    if case.substate:
        words = f"{words}, {Substate(case.substate).label}"
    return Cell(words, tone="warning" if case.substate else TONES[State(case.state)])


def day(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j M Y H:i")


def inbox_table(cases: Iterable[Case]) -> Table:
    return Table(
        caption=_("Demandes"),
        columns=[
            _("Référence"),
            _("Démarche"),
            _("Demandeur"),
            _("Reçue"),
            _("Service"),
            _("État"),
            _("À répondre avant"),
        ],
        rows=[
            [
                Cell(case.reference, href=reverse("backoffice:case", args=[case.pk])),
                Cell(str(case.procedure_version.name)),
                Cell(case.contact_name),
                Cell(day(case.submitted_at)),
                Cell(case.team.name if case.team else "–"),
                state_cell(case),
                Cell(date_format(case.silence_date, "j M Y") if case.silence_date else "–"),
            ]
            for case in cases
        ],
        empty=_("Aucune demande ici. Les nouvelles arriveront d’elles-mêmes."),
    )


def answers(view: AgentCase) -> list[tuple[str, list[SummaryRow]]]:
    """One group per page of the form, in its order; a question without answer is left out."""
    groups = []
    for page in view.case.procedure_version.definition.pages:
        rows = [
            SummaryRow(str(each.label), TYPES[each.type].summary(view.answers[each.id], each).splitlines())
            for each in page.fields
            if each.id in view.answers
        ]
        if rows:
            groups.append((str(page.title), rows))
    return groups


def history(rows: Iterable[History]) -> list[TimelineEntry]:
    return [
        TimelineEntry(
            title=WORDS[row.verb]() if row.verb in WORDS else row.verb,
            at=row.at,
            detail=row.reason or str(row.detail.get("label", "")),
            author=row.actor,
            tone=TONES.get(row.to_state, "neutral") if row.from_state != row.to_state else "neutral",
        )
        for row in rows
    ][::-1]


WORDS = {
    "submit": lambda: _("Demande enregistrée"),
    "start": lambda: _("Prise en charge"),
    "wait": lambda: _("Mise en attente ou en cours"),
    "resume": lambda: _("Traitement repris"),
    "accept": lambda: _("Acceptée"),
    "refuse": lambda: _("Refusée"),
    "close": lambda: _("Classée sans suite"),
    "withdraw": lambda: _("Retirée par l’usager"),
    "reopen": lambda: _("Rouverte"),
    "document_added": lambda: _("Document ajouté"),
    "message_posted": lambda: _("Message"),
    "business_status": lambda: _("Nouvelle du logiciel métier"),
    "handoff": lambda: _("Transmission à un logiciel métier"),
}


def handoffs_table(rows: Iterable[Handoff]) -> Table:
    return Table(
        caption=_("Transmissions aux logiciels métier"),
        columns=[_("Logiciel"), _("État"), _("Numéro"), _("Précision")],
        rows=[
            [
                Cell(row.application_name or row.application),
                Cell(str(Handoff.State(row.state).label), tone=HANDOFF_TONES[Handoff.State(row.state)]),
                Cell(row.external_id or "–"),
                Cell(row.detail or "–"),
            ]
            for row in rows
        ],
        empty=_("Cette demande est traitée ici : aucun logiciel métier ne la reçoit."),
    )
