"""The verbs of a fee, and the only writer of its table: asked, paid, cancelled, refunded.

Each is one transaction with the history row of the case, the event and what the person is told. An agent writes down
what the till or the treasury did; an application says it through the hub.

`seen`: the sum in cents that the agent read; another one now is refused (`CaseError`).
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.access.models import Account
from etoile.gru.cases import actors, events, telling
from etoile.gru.cases.actors import Actor
from etoile.gru.cases.clock import running
from etoile.gru.cases.errors import CaseError, Incomplete
from etoile.gru.cases.models import Case, DocumentRequest
from etoile.gru.cases.moves import Outgoing, locked, move, write
from etoile.gru.cases.returns import Outcome
from etoile.gru.cases.states import ActorKind, Substate
from etoile.gru.cases.typed import readable
from etoile.gru.fees import differences
from etoile.gru.fees.models import Fee, How, State
from etoile.gru.fees.queries import is_due

CHANGED = "org.etoile.payment.changed.v1"
# Ten million euros, in cents: more is a slip of the keyboard.
MOST = 1_000_000_000
WORDS_LIMIT = 1000
STALE = gettext_lazy("La somme a changé depuis que vous l’avez lue. Relisez-la, puis décidez.")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person has to pay, in cents; `words` and `due_on` may be left out, except for another way."""

    amount: int
    how: How
    words: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A payment as an application says it: `state` is a word of the contract, `amount` in cents."""

    source: str
    external_id: str
    state: str
    amount: int
    occurred_at: datetime
    reference: str = ""


def ask(case_id: uuid.UUID, account: Account, asked: Asked, *, expected_version: int | None = None) -> Fee:
    """The request waits for a payment. One at a time."""
    words = readable(asked.words)[:WORDS_LIMIT]
    if not 0 < asked.amount < MOST:
        raise Incomplete(_("Le montant est supérieur à zéro. Exemple : 16,50."))
    if asked.how == How.OTHER and not words:
        raise Incomplete(_("Écrivez à la personne comment payer."))
    with transaction.atomic():
        case = locked(case_id, expected_version=expected_version)
        if asked.due_on is not None and asked.due_on < running.today(case, timezone.now()):
            raise Incomplete(_("La date limite de paiement est déjà passée."))
        if is_due(case.pk):
            raise CaseError(_("Un paiement est déjà demandé. Notez-le payé ou annulez-le d’abord."))
        actor = actors.agent(account)
        fee = Fee(
            case=case,
            amount=asked.amount,
            how=asked.how,
            words=words,
            due_on=asked.due_on,
            asked_at=timezone.now(),
            asked_by=actor.name[:200],
        )
        _wait(case, actor, fee)
        fee.save(force_insert=True)
        differences.note(case)
        _tell_due(case, fee)
    return fee


def reprice(case: Case, fee: Fee, amount: int, actor: Actor) -> None:
    """What is due becomes another sum, or nothing, in the caller's transaction, which tells the person."""
    if not amount:
        with translation.override(case.language):
            fee.reason = _("Il n’y a plus rien à payer pour cette demande.")
        end(case, fee, State.CANCELLED, actor)
        return
    before, fee.amount = fee.amount, amount
    fee.save(update_fields=["amount"])
    detail = {**_detail(fee), "price_before": before}
    write(case, "fee", actor, detail=detail, outgoing=published(case, actor, fee))
    differences.note(case)


def pay(
    fee_id: uuid.UUID,
    account: Account,
    *,
    reference: str,
    paid_on: date,
    seen: int | None = None,
    expected_version: int | None = None,
) -> Fee:
    """The till or the treasury received the money: its reference and its day, as it wrote them. The person has a
    receipt (CRPA L112-11)."""
    reference = readable(reference)[:128]
    if not reference:
        raise Incomplete(_("Écrivez la référence du paiement : numéro de quittance ou de titre."))
    with transaction.atomic():
        case, fee = _locked(fee_id, State.DUE, expected_version)
        as_read(seen, fee.amount)
        if not running.received_on(case) <= paid_on <= running.today(case, timezone.now()):
            raise Incomplete(_("Le jour du paiement est entre la réception de la demande et aujourd’hui."))
        fee.reference, fee.paid_on = reference, paid_on
        _settle(case, fee, State.PAID, actors.agent(account))
    return fee


def cancel(fee_id: uuid.UUID, account: Account, *, reason: str, expected_version: int | None = None) -> Fee:
    """Nothing is to be paid after all."""
    with transaction.atomic():
        case, fee = _locked(fee_id, State.DUE, expected_version)
        fee.reason = _needed(reason)
        _settle(case, fee, State.CANCELLED, actors.agent(account))
    return fee


def refund(
    fee_id: uuid.UUID,
    account: Account,
    *,
    reason: str,
    reference: str,
    seen: int | None = None,
    expected_version: int | None = None,
) -> Fee:
    """The till or the treasury gave the money back: what of it a difference did not give back before."""
    with transaction.atomic():
        case, fee = _locked(fee_id, State.PAID, expected_version)
        left = differences.held(case.pk).left(fee)
        as_read(seen, left)
        if not left:
            raise CaseError(_("Tout ce qui a été payé est déjà rendu."))
        fee.refunded = left
        fee.reason, fee.reference = _needed(reason), readable(reference)[:128] or fee.reference
        _settle(case, fee, State.REFUNDED, actors.agent(account))
    return fee


def record(case_id: uuid.UUID, told: Told) -> Outcome:
    """Follow an application's payment, in the caller's transaction; an older word is not applied."""
    case = locked(case_id)
    actor = actors.application(told.source)
    if told.state not in State.values or not 0 < told.amount < MOST:
        # Begun, failed, or free: nothing that the person or the agent has to do anything about.
        write(case, "fee", actor, detail={"fee": told.state, "reference": told.reference})
        return Outcome(True)
    fee = Fee.objects.filter(case=case, source=told.source, external_id=told.external_id).first()
    if fee is not None and fee.told_at is not None and told.occurred_at <= fee.told_at:
        return Outcome(False, _("paiement déjà connu, ou plus récent"))
    if fee is None and told.state == State.DUE and is_due(case.pk):
        return Outcome(False, _("un autre paiement est déjà demandé pour cette demande"))
    if fee is not None and told.state == State.DUE and fee.state != State.DUE:
        return Outcome(False, _("ce paiement est déjà réglé"))
    fee = fee or _from(case, told, actor)
    fee.told_at = told.occurred_at
    if told.state == State.REFUNDED:
        fee.refunded, fee.amount = told.amount, fee.amount or told.amount
    else:
        fee.refunded, fee.amount = 0, told.amount
    fee.reference = told.reference or fee.reference
    if told.state == State.DUE:
        if case.is_open:
            _wait(case, actor, fee)
        else:
            write(case, "fee", actor, detail=_detail(fee))
        fee.save()
        differences.note(case)
        _tell_due(case, fee)
        return Outcome(True)
    if told.state == State.PAID:
        fee.paid_on = running.today(case, told.occurred_at)
    _settle(case, fee, State(told.state), actor)
    return Outcome(True)


def _from(case: Case, told: Told, actor: Actor) -> Fee:
    return Fee(
        case=case,
        source=told.source,
        external_id=told.external_id,
        words=_("Le service vous dit comment payer. Appelez-le en cas de doute."),
        asked_at=told.occurred_at,
        asked_by=actor.name[:200],
    )


def _wait(case: Case, actor: Actor, fee: Fee) -> None:
    move(case, "wait", actor, substate=Substate.PAYMENT_DUE, detail=_detail(fee), also=published(case, actor, fee))


def _settle(case: Case, fee: Fee, state: State, actor: Actor) -> None:
    """The end of a fee, told to the person."""
    end(case, fee, state, actor)
    _tell(case, fee)


def end(case: Case, fee: Fee, state: State, actor: Actor) -> None:
    """In the caller's transaction, which tells the person. The case goes on if it waited for it, and waits for the
    documents it was also waiting for."""
    fee.state, fee.settled_at, fee.settled_by = state, timezone.now(), actor.name[:200]
    fee.save()
    detail, told = _detail(fee), published(case, actor, fee)
    if case.is_open and case.substate == Substate.PAYMENT_DUE and not is_due(case.pk):
        asked = DocumentRequest.objects.filter(case=case, state=DocumentRequest.State.OPEN).exists()
        verb, substate = ("wait", Substate.DOCUMENTS_ASKED) if asked else ("resume", Substate.NONE)
        move(case, verb, actor, substate=substate, reason=fee.reason, detail=detail, also=told)
    else:
        write(case, "fee", actor, reason=fee.reason, detail=detail, outgoing=told)
    differences.note(case)


def as_read(seen: int | None, sum_: int) -> None:
    """Raises `CaseError` when the sum is no more the one that was read; None: it was not read on a page."""
    if seen is not None and seen != sum_:
        raise CaseError(STALE)


def _tell_due(case: Case, fee: Fee) -> None:
    telling.tell(case, "payment_due", deadline=fee.due_on.isoformat() if fee.due_on else "")


def _tell(case: Case, fee: Fee) -> None:
    if fee.state != State.PAID:
        told = {"refunded": fee.refunded} if fee.refunded else {}
        telling.tell(case, "payment_changed", fee=str(fee.state), **told)
        return
    team = case.team
    telling.tell(
        case,
        "payment_received",
        paid_on=fee.paid_on.isoformat() if fee.paid_on else "",
        amount=fee.amount,
        service_address=team.address if team else "",
        service_email=team.email if team else "",
        service_phone=team.phone if team else "",
    )


def _detail(fee: Fee) -> dict[str, Any]:
    told = {"fee": str(fee.state), "payment": str(fee.id), "price": fee.told, "reference": fee.reference}
    return {key: value for key, value in told.items() if value != ""}


def published(case: Case, actor: Actor, fee: Fee) -> list[Outgoing]:
    """What an application told is in the hub already."""
    if actor.kind == ActorKind.APPLICATION:
        return []
    named = {"id": str(fee.id), **({"reference": fee.reference[:64]} if fee.reference else {})}
    data = {
        "payment": named,
        "case": case.identity(),
        "amount_cents": fee.told,
        "currency": "EUR",
        "state": str(fee.state),
        "occurred_at": events.stamp(timezone.now()),
    }
    # Nobody has to follow the money: an application that wants to subscribes.
    return [Outgoing(CHANGED, data, for_nobody=True)]


def _locked(fee_id: uuid.UUID, wanted: State, expected_version: int | None) -> tuple[Case, Fee]:
    """The case first, as every verb does, then its fee, still in the state that was read."""
    case = locked(Fee.objects.values_list("case", flat=True).get(pk=fee_id), expected_version=expected_version)
    fee = Fee.objects.select_for_update().get(pk=fee_id)
    fee.case = case
    if fee.state != wanted:
        raise CaseError(_("Ce paiement a changé depuis : il est %(state)s.") % {"state": State(fee.state).label})
    return case, fee


def _needed(reason: str) -> str:
    reason = readable(reason)[:WORDS_LIMIT]
    if not reason:
        raise Incomplete(_("Indiquez le motif : il sera communiqué à la personne."))
    return reason
