"""What a person sees of a case: seven plain words, a step N of M, and never that something was lost."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.cases import notification
from etoile.gru.cases.clock import running
from etoile.gru.cases.clock.silence import Silence
from etoile.gru.cases.models import Case, Decision, DocumentRequest, Handoff, History, Message
from etoile.gru.cases.notification import Standing
from etoile.gru.cases.reopening import may_be_taken_back
from etoile.gru.cases.states import ActorKind, State, Substate
from etoile.gru.cases.workflow.rules import words_of, workflow_of
from etoile.gru.documents.models import Document
from etoile.gru.forms.fields.amount import TYPE as AMOUNT
from etoile.gru.forms.texts import Text
from etoile.gru.notices.models import Address
from etoile.gru.notices.wishes import known

STEPS = 3


@dataclass(frozen=True, slots=True)
class Word:
    """One of the seven words, with a sentence. `code` is stable (CSS, tests); `outcome` is set once decided."""

    code: str
    label: str
    explanation: str


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the timeline. `code` is the verb of the history, or what was waited for: stable (drawings, tests)."""

    at: datetime
    label: str
    detail: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A decision as notified."""

    at: datetime
    text: str
    outcome: str
    implicit: bool = False
    attestation: str = ""
    kind: str = ""
    # Put at the disposal of whoever agreed to read it here, and not opened yet: its text is not to be shown.
    unopened: bool = False
    opened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tracking:
    """The page « où en est ma demande »."""

    id: uuid.UUID
    reference: str
    procedure: Text
    authority: object
    team: object | None
    submitted_at: datetime
    word: Word
    step: int
    steps: int
    transmission: str
    business_label: str
    numbers: tuple[tuple[str, str], ...]
    silence_regime: str
    silence_date: date | None
    clock: Silence
    open_requests: tuple[DocumentRequest, ...]
    messages: tuple[Message, ...]
    documents: tuple[Document, ...]
    timeline: tuple[Moment, ...]
    decisions: tuple[Letter, ...]
    can_withdraw: bool
    can_be_reopened: bool
    can_be_attested: bool
    can_write: bool
    address: Address
    notified: Standing
    case: Case


def tracking_view(case: Case) -> Tracking:
    """Read the case as its person does. Eight statements, whatever the case holds."""
    handoffs = list(case.handoffs.all())
    requests = tuple(case.document_requests.all())
    history = tuple(case.history.all())
    notified = notification.standing(history)
    letters = tuple(_letter(number, each, notified) for number, each in enumerate(case.decisions.all(), start=1))
    return Tracking(
        id=case.id,
        reference=case.reference,
        procedure=case.procedure_version.name,
        authority=case.authority,
        team=case.team,
        submitted_at=case.submitted_at,
        word=plain_word(case),
        step=step_of(case),
        steps=STEPS,
        transmission=_transmission([handoff.state for handoff in handoffs]) if case.is_open else "",
        business_label=case.business_label,
        numbers=_numbers(case, handoffs),
        silence_regime=case.silence_regime,
        silence_date=case.silence_date,
        clock=running.read(case, requests),
        open_requests=tuple(each for each in requests if case.is_open and each.state == DocumentRequest.State.OPEN),
        messages=tuple(case.messages.all()),
        documents=tuple(Document.objects.filter(holder=case.id)),
        timeline=_timeline(case, history),
        decisions=letters,
        can_withdraw=case.is_open,
        can_be_reopened=may_be_taken_back(case, timezone.now()),
        can_be_attested=case.state == State.ACCEPTED
        and any(each.implicit and not each.attestation for each in letters),
        can_write=True,
        address=known(case.authority, case.contact_email),
        notified=notified,
        case=case,
    )


def _letter(number: int, decision: Decision, notified: Standing) -> Letter:
    return Letter(
        decision.decided_at,
        decision.text,
        decision.outcome,
        decision.implicit,
        decision.attestation,
        f"decision-{number}",
        unopened=notified.awaits(decision),
        opened_at=notified.opened.get(str(decision.pk)),
    )


def _numbers(case: Case, handoffs: list[Handoff]) -> tuple[tuple[str, str], ...]:
    """The number the case has in each application that says what becomes of it: what a person is asked on the phone."""
    names = {handoff.application: handoff.application_name for handoff in handoffs}
    return tuple(
        (names.get(position.source) or position.source, position.external_id)
        for position in case.positions.all()
        if position.external_id
    )


def plain_word(case: Case) -> Word:
    """Seven words: received, in progress, to complete, to pay, transferred, closed (with its outcome), withdrawn; in
    the procedure's own words where it has some."""
    if case.state == State.IN_PROGRESS and case.substate in _WAITING:
        usual = _WAITING[Substate(case.substate)]()
    else:
        usual = _PLAIN[State(case.state)]()
    named = workflow_of(case).situation(case.state, case.substate)
    return Word(usual.code, str(named.label) or usual.label, str(named.explanation) or usual.explanation)


def step_of(case: Case) -> int:
    """1: received. 2: being treated. 3: answered."""
    if case.state == State.SUBMITTED:
        return 1
    return 2 if case.state == State.IN_PROGRESS else STEPS


_WAITING = {
    Substate.DOCUMENTS_ASKED: lambda: Word(
        "to_complete", _("À compléter"), _("Le service attend une réponse ou un document de votre part.")
    ),
    Substate.PAYMENT_DUE: lambda: Word("to_pay", _("À payer"), _("Un paiement est attendu.")),
    Substate.TRANSFERRED: lambda: Word(
        "transferred", _("Transmise"), _("Votre demande est transmise au service compétent.")
    ),
}
_PLAIN = {
    State.SUBMITTED: lambda: Word("received", _("Reçue"), _("Votre demande est enregistrée.")),
    State.IN_PROGRESS: lambda: Word("in_progress", _("En cours"), _("Le service traite votre demande.")),
    State.ACCEPTED: lambda: Word("closed_accepted", _("Terminée : acceptée"), _("Votre demande est acceptée.")),
    State.REFUSED: lambda: Word("closed_refused", _("Terminée : refusée"), _("Votre demande est refusée.")),
    State.CLOSED: lambda: Word("closed", _("Terminée"), _("Votre demande est classée.")),
    State.WITHDRAWN: lambda: Word("withdrawn", _("Retirée"), _("Vous avez retiré votre demande.")),
}


def _transmission(states: list[str]) -> str:
    # Whatever happened on the way, the request is kept and leaves again: that is what the person needs to know.
    awaited = [state for state in states if state != "cancelled"]
    if not awaited:
        return ""
    if all(state == "acknowledged" for state in awaited):
        return _("Transmise au service chargé de la traiter.")
    return _("En cours de transmission au service chargé de la traiter.")


# What a person reads of the history, each with what they did themselves; a verb that is not here stays between agents
# and applications.
_MOMENTS = {
    "submit": lambda: _("Votre demande est enregistrée"),
    "start": lambda: _("Le service a commencé à traiter votre demande"),
    "resume": lambda: _("Le service a repris votre demande"),
    "document_added": lambda: _("Un document a été ajouté"),
    "document_given": lambda: _("Le service vous a envoyé un document"),
    "opinion_asked": lambda: _("Le service demande un avis"),
    "opinion_given": lambda: _("L’avis demandé est rendu au service"),
    "edit": lambda: _("Le service a modifié des réponses"),
    "take_back": lambda: _("Vous avez retiré un accord"),
    "accept": lambda: _("Votre demande est acceptée"),
    "refuse": lambda: _("Votre demande est refusée"),
    "close": lambda: _("Votre demande est classée"),
    "duplicate": lambda: _("Votre demande est classée : elle était arrivée deux fois"),
    "unduplicate": lambda: _("Votre demande est rouverte"),
    "withdraw": lambda: _("Votre demande est retirée"),
    "reopen": lambda: _("Votre demande est rouverte"),
    "implicit_refusal": lambda: _("Le délai de réponse est terminé : la loi considère votre demande comme refusée"),
    "attested": lambda: _("Votre attestation est prête"),
    "message_posted": lambda: _("Le service vous a écrit"),
    "document_returned": lambda: _("Le service vous a envoyé un document"),
}
_OURS = {
    "document_added": lambda: _("Vous avez envoyé un document"),
    "correct": lambda: _("Vous avez corrigé vos réponses"),
    "withdraw": lambda: _("Vous avez retiré votre demande"),
    "notification_agreed": lambda: _("Vous avez accepté de recevoir la décision en ligne"),
    "notification_ended": lambda: _("Vous ne recevez plus la décision en ligne à la place d’une lettre"),
    "decision_opened": lambda: _("Vous avez ouvert la décision"),
    "reopen": lambda: _("Vous avez repris votre demande"),
    "message_posted": lambda: _("Vous avez écrit au service"),
}
# What becomes of a sum to pay: the words of `fees`.
_FEES = {
    "due": lambda: _("Un paiement vous est demandé"),
    "paid": lambda: _("Votre paiement est enregistré"),
    "cancelled": lambda: _("Vous n’avez plus rien à payer"),
    "refunded": lambda: _("Votre paiement est remboursé"),
    "difference": lambda: _("Le service décide de la différence de prix"),
    "even": lambda: _("Il n’y a plus de différence de prix"),
    "given_back": lambda: _("La différence de prix vous est rendue"),
    "left": lambda: _("Le service ne demande ni ne rend la différence de prix"),
    "awaited": lambda: _("Un paiement est encore attendu"),
}
_WAITS = {
    Substate.DOCUMENTS_ASKED: lambda: _("Le service vous demande des pièces"),
    Substate.PAYMENT_DUE: lambda: _("Un paiement vous est demandé"),
    Substate.TRANSFERRED: lambda: _("Votre demande est transmise au service compétent"),
    Substate.OPINION_ASKED: lambda: _("Le service demande un avis"),
    Substate.NONE: lambda: _("Le service a commencé à traiter votre demande"),
}


def repriced(detail: Mapping[str, Any]) -> str:
    """A price that changed, in words; empty when it did not."""
    if "price_before" not in detail:
        return ""
    return _("de %(before)s à %(after)s") % {
        "before": AMOUNT.shown(detail["price_before"]),
        "after": AMOUNT.shown(detail["price"]),
    }


def _given_back(detail: Mapping[str, Any]) -> str:
    """How much, which may be less than what was paid."""
    return AMOUNT.shown(detail["price"]) if detail["fee"] in {"given_back", "refunded"} and "price" in detail else ""


def _timeline(case: Case, history: Iterable[History]) -> tuple[Moment, ...]:
    moments = (_own_moment(case, row) or _moment(row) for row in history)
    return tuple(moment for moment in moments if moment is not None)


def _own_moment(case: Case, row: History) -> Moment | None:
    """A step that the procedure names."""
    words = words_of(case, row.detail, done=True)
    return Moment(row.at, str(words), code=row.substate or row.verb) if words else None


def _moment(row: History) -> Moment | None:
    detail = " – ".join(filter(None, (row.detail.get("label", ""), repriced(row.detail))))
    if "fee" in row.detail:
        said = _FEES.get(row.detail["fee"])
        words = " – ".join(filter(None, (repriced(row.detail) or _given_back(row.detail), row.reason)))
        return Moment(row.at, said(), words, "payment_due") if said else None
    if row.verb == "wait":
        back = not row.substate and row.from_state == State.IN_PROGRESS
        label = _MOMENTS["resume"]() if back else _WAITS[Substate(row.substate)]()
        if "corrections" in row.detail:
            label = _("Le service vous demande de corriger des réponses")
        return Moment(row.at, label, detail, row.substate or "resume")
    if row.verb == "resume" and row.substate == Substate.PAYMENT_DUE:
        return Moment(row.at, _FEES["awaited"](), detail, row.substate)
    if row.verb == "business_status":
        return Moment(row.at, detail, code=row.verb) if detail else None
    if row.verb == "reminded":
        waits = row.substate in {Substate.DOCUMENTS_ASKED, Substate.PAYMENT_DUE}
        return Moment(row.at, _("Le service vous a rappelé ce qu’il attend"), code=row.verb) if waits else None
    if row.verb == "step":
        label = _WAITS[Substate(row.substate)]() if row.substate else ""
        return Moment(row.at, label, code=row.substate) if label else None
    if row.verb == "requalify":
        words = _("Votre demande change de démarche : %(to)s") % {"to": row.detail.get("to", "")}
        return Moment(row.at, words, row.reason, "transferred")
    if row.verb in {"transfer", "transmit", "escalated"}:
        words = _("Votre demande est transmise : %(to)s") % {"to": row.detail.get("to", "")}
        return Moment(row.at, words, row.reason, "transferred")
    if row.verb == "accept" and "regime" in row.detail:
        return Moment(row.at, _("Le délai de réponse est terminé : votre demande est acceptée"), code=row.verb)
    ours = _OURS.get(row.verb) if row.actor_kind == ActorKind.PERSON else None
    said = ours or _MOMENTS.get(row.verb)
    return Moment(row.at, said(), detail, row.verb) if said else None
