"""The answers of a request changed, and its price with them: what becomes of what was asked or paid.

A payment that an agent asked at the price of the form, and that nobody paid yet, follows by itself. Anything else is a
difference, which an agent decides (`deciding`): money that came in is never kept nor given back by a computation.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils import timezone

from etoile.gru.cases import telling
from etoile.gru.cases.actors import Actor
from etoile.gru.cases.models import Case
from etoile.gru.cases.moves import write
from etoile.gru.fees import services
from etoile.gru.fees.differences import Held, held, note
from etoile.gru.fees.models import Difference, Fee


class Effect(StrEnum):
    NOTHING = "nothing"
    DUE = "due"
    CANCELLED = "cancelled"
    DIFFERENCE = "difference"
    EVEN = "even"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a change of price does. `gap` is what is still to be asked, below zero what is to be given back."""

    effect: Effect
    fee: Fee | None = None
    gap: int = 0


def foreseen(case: Case, before: int, after: int) -> Plan:
    """Nothing is written. Two statements, none when the price stays."""
    return _plan(held(case.pk), before, after) if before != after else Plan(Effect.NOTHING)


def follow(case: Case, actor: Actor, before: int, after: int) -> Plan:
    """In the caller's transaction; `case` is locked. History, event and notice, with both prices."""
    plan = foreseen(case, before, after)
    if before == after:
        return plan
    # One that waits for a decision follows the price, whatever else this change does.
    waits = Difference.objects.filter(case=case, state=Difference.State.OPEN).update(after=after)
    if plan.effect in {Effect.DUE, Effect.CANCELLED} and plan.fee is not None:
        services.reprice(case, plan.fee, after, actor)
    else:
        if plan.effect == Effect.DIFFERENCE and not waits:
            Difference.objects.create(case=case, before=before, after=after, found_at=timezone.now())
        elif plan.effect == Effect.NOTHING and waits and note(case):
            plan = Plan(Effect.EVEN)
        if plan.effect == Effect.NOTHING:
            return plan
        write(case, "fee", actor, detail={"fee": str(plan.effect), "price": after, "price_before": before})
    telling.tell(case, "price_changed", before=before, after=after, effect=str(plan.effect))
    return plan


def _plan(has: Held, before: int, after: int) -> Plan:
    ours = has.ours
    if not has.total:
        return Plan(Effect.NOTHING)
    if ours is not None and not has.paid and ours.amount == before:
        return Plan(Effect.DUE if after else Effect.CANCELLED, ours)
    gap = has.gap(after)
    return Plan(Effect.DIFFERENCE, has.due, gap) if gap else Plan(Effect.NOTHING)
