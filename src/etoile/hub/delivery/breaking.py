"""What the results of a batch do to the circuits of their subscriptions, and what the circuits do to the results.

Locks are taken in one order: subjects, subscriptions, circuits, deliveries.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from etoile.hub.delivery import circuits, engine
from etoile.hub.delivery.circuits import Circuit, Said, Verdict
from etoile.hub.delivery.done import Done
from etoile.hub.delivery.engine import Result
from etoile.hub.delivery.schedule import DELAYS, next_delay
from etoile.hub.delivery.states import DeliveryState
from etoile.hub.journal import services as journal
from etoile.hub.registry import directory

ACTOR = "hub"


@dataclass(slots=True)
class Judged:
    """The results as they are to be settled. `spared`: deliveries whose try is not counted. `closed`: subscriptions
    whose circuit closed; `off`: those switched off meanwhile."""

    done: list[Done]
    spared: set[UUID] = field(default_factory=set)
    closed: list[int] = field(default_factory=list)
    off: list[int] = field(default_factory=list)


def judge(cursor: Any, done: Sequence[Done], *, version: int) -> Judged:
    """Before the results are settled, in the same transaction. `version`: of the registry.

    A batch of successes while every circuit is closed costs one look. A result whose lease was lost counts here all the
    same: it says how the application is.
    """
    judged = Judged(list(done))
    pushed = [each for each in done if not each.subscription.pull and each.result.outcome]
    concerned = sorted({each.subscription.id for each in pushed})
    said = {id(each): circuits.verdict(each.result) for each in pushed}
    failing = any(verdict.fails for verdict in said.values())
    unsettled = any(each.result.state in (DeliveryState.RETRY_SCHEDULED, DeliveryState.PENDING) for each in done)
    troubled = failing or bool(concerned and circuits.of(cursor, concerned))
    if not troubled and not unsettled:
        return judged
    engine.lock(cursor, [each.result.claim.subject for each in done])
    judged.off = sorted(directory.switched_off(cursor, {each.subscription.id for each in done}))
    if troubled:
        _follow(cursor, judged, said, concerned, version)
    return judged


def keep(cursor: Any, judged: Judged, settled: frozenset[UUID]) -> frozenset[int]:
    """After the results are settled. Returns the subscriptions for which something may leave that could not before."""
    spared = sorted(judged.spared & settled)
    if spared:
        engine.spare(cursor, spared)
    if judged.off:
        engine.hold(cursor, judged.off)
    if judged.closed:
        engine.hasten(cursor, judged.closed)
    return frozenset(judged.closed)


def _follow(cursor: Any, judged: Judged, said: dict[int, Verdict], concerned: list[int], version: int) -> None:
    held, now = circuits.lock(cursor, concerned)
    before = dict(held)
    for rank, each in enumerate(judged.done):
        if id(each) not in said:
            continue
        one = Said(said[id(each)], each.result.claim.id, each.probe, each.result.retry_after, each.result.message)
        known = held[each.subscription.id]
        following = circuits.after(known, one, each.subscription.policy.circuit, now=now, version=version)
        held[each.subscription.id] = following
        judged.done[rank] = replace(each, result=_adjusted(each, one, known, following))
        if following.is_open and one.verdict != Verdict.ALIVE and judged.done[rank].result.state in RETRIED:
            judged.spared.add(each.result.claim.id)
        if following.is_open and not known.is_open:
            _record(cursor, "circuit.opened", each, circuits.words_of(following, one, each.result))
        if known.is_open and not following.is_open:
            _record(cursor, "circuit.closed", each, {"reason": known.reason})
    judged.closed = [id for id in concerned if before[id].is_open and not held[id].is_open]
    circuits.write(cursor, [circuit for id, circuit in held.items() if circuit != before[id]])


RETRIED = (DeliveryState.RETRY_SCHEDULED, DeliveryState.HELD)


def _adjusted(each: Done, said: Said, known: Circuit, following: Circuit) -> Result:
    """Nothing dies, nor is refused one by one, because an application as a whole is down or refuses us."""
    result = each.result
    mending = said.verdict in (Verdict.REFUSING, Verdict.DOUBTFUL) and result.state == DeliveryState.REJECTED
    dying = said.verdict == Verdict.DOWN and result.state == DeliveryState.DEAD
    if not mending and not dying:
        return result
    if following.is_open or (mending and _first_time(each, known)):
        return replace(result, state=DeliveryState.RETRY_SCHEDULED, delay=_delay(each))
    return result


def _first_time(each: Done, known: Circuit) -> bool:
    """It is this message, or all of them? The next try, and those of the others, will tell."""
    policy = each.subscription.policy
    known_bad = known.last_delivery == each.result.claim.id
    return bool(policy.circuit.failures) and each.result.claim.tries == 1 and not known_bad and len(_list(each)) > 1


def _delay(each: Done) -> float:
    delay = next_delay(each.result.claim.tries, delays=_list(each), retry_after=each.result.retry_after)
    return _list(each)[-1] if delay is None else delay


def _list(each: Done) -> Sequence[float]:
    return each.subscription.policy.delays or DELAYS


def _record(cursor: Any, kind: str, each: Done, detail: Any) -> None:
    application = each.subscription.application.slug
    detail = {"subscription": each.subscription.slug, **detail}
    journal.record(
        cursor, kind, actor=ACTOR, message_id=each.result.claim.message_id, delivery_id=each.result.claim.id,
        application=application, detail=detail,
    )  # fmt: skip
