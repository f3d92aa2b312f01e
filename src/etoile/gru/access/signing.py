"""Who signs the decisions of an authority: delegations, in force from a day to another, for some procedures or all.

An authority that recorded none for a procedure lets each agent who may decide sign in their own name, as their account
says it. From the first one recorded on, only those who have one in force sign, until it is removed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account, Authority, Delegation
from etoile.gru.access.services import Refused, problems_of_row
from etoile.gru.audit.services import differences, note

FIELDS = (
    "given_name", "family_name", "capacity", "service", "formula", "act", "procedures", "begins_on", "ends_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Signature:
    """What a decision prints of its author; `formula` stands above the name."""

    name: str
    capacity: str
    service: str
    formula: str = ""


class NotDelegated(Exception):
    """This agent signs no decision of this procedure today."""


def signature_of(authority: int, account: Account, procedure: str, day: date) -> Signature | None:
    """The mentions of the delegation in force; None when none was ever recorded for this procedure. One statement.

    `procedure` is a slug. Raises `NotDelegated`."""
    recorded = Q(procedures=[]) | Q(procedures__contains=[procedure])
    rows = list(Delegation.objects.filter(recorded, authority=authority))
    if not rows:
        return None
    mine = [each for each in rows if each.account_id == account.pk and in_force(each, day)]
    if not mine:
        raise NotDelegated
    # The narrowest one, then the latest: a delegation for one procedure says more than one for all.
    best = min(mine, key=lambda each: (not each.procedures, -each.begins_on.toordinal(), -each.pk))
    return Signature(f"{best.given_name} {best.family_name}", best.capacity, best.service, best.formula)


def in_force(delegation: Delegation, day: date) -> bool:
    return delegation.begins_on <= day and (delegation.ends_on is None or day <= delegation.ends_on)


def of_authority(authority: Authority) -> QuerySet[Delegation]:
    return Delegation.objects.filter(authority=authority).select_related("account").order_by("family_name", "begins_on")


@transaction.atomic
def keep(
    authority: Authority, account: Account, values: Mapping[str, Any], *, by: Account | None, pk: int | None = None
) -> Delegation:
    """Record a delegation, or change it (`pk`). Raises `Refused`; what was signed before keeps its own words."""
    row = Delegation(authority=authority) if pk is None else Delegation.objects.get(pk=pk, authority=authority)
    before = _said(row) if pk is not None else {}
    if account.authority_id != authority.pk:  # type: ignore[attr-defined]
        raise Refused([_("Choisissez un agent de votre collectivité.")])
    row.account = account
    for name in FIELDS:
        setattr(row, name, values[name])
    if row.ends_on is not None and row.ends_on < row.begins_on:
        raise Refused([_("Le dernier jour vient après le premier.")])
    problems = problems_of_row(row)
    if problems:
        raise Refused(problems)
    row.save()
    if told := differences(before, _said(row)):
        note("signatory.kept", authority=authority.pk, by=by, subject=str(row), detail=told)
    return row


@transaction.atomic
def end(row: Delegation, last_day: date, *, by: Account | None) -> None:
    """This day is the last; a delegation that has not begun is removed, one that has ended stays as it is."""
    if row.begins_on > last_day:
        remove(row, by=by)
        return
    if row.ends_on is not None and row.ends_on <= last_day:
        return
    row.ends_on = last_day
    row.save(update_fields=["ends_on"])
    note("signatory.ended", authority=row.authority_id, by=by, subject=str(row), detail={"after": last_day.isoformat()})  # type: ignore[attr-defined]


@transaction.atomic
def remove(row: Delegation, *, by: Account | None) -> None:
    """It was written by mistake. Decisions signed meanwhile keep what they print."""
    note("signatory.removed", authority=row.authority_id, by=by, subject=str(row), detail=_said(row))  # type: ignore[attr-defined]
    row.delete()


def _said(row: Delegation) -> dict[str, str]:
    values: Iterable[tuple[str, Any]] = ((name, getattr(row, name)) for name in ("account", *FIELDS))
    return {name: ", ".join(value) if isinstance(value, list) else str(value or "") for name, value in values}
