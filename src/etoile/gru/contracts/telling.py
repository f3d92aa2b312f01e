"""Changes of people, told to the applications whose contract reads what changed, each under its own identifiers.

A trigger notes what changes, in the transaction that changes it; `tell` empties these notes and fills the outbox, in
one transaction: killed anywhere, it has told all of it or none. A record that was merged, or parted again, is told
under the identifier that the application knows: which one now means this person.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction

from etoile.gru.access.models import Authority
from etoile.gru.contracts import grants, noted
from etoile.gru.contracts.grants import Grant, Known
from etoile.gru.contracts.models import Contract
from etoile.gru.contracts.noted import Batch, Row
from etoile.gru.contracts.values import WrongValue, checked
from etoile.gru.outbox.services import enqueue
from etoile.gru.people import scope
from etoile.gru.people.models import Person
from etoile.gru.people.pairwise import identifier

log = structlog.get_logger(__name__)

UPDATED = "org.etoile.person.updated.v1"
MANY = 500


def tell() -> int:
    """Tell of the changes noted so far, `MANY` at a time; returns how many events are on their way."""
    told = 0
    while True:
        with transaction.atomic(), scope.of_task("telling"):
            rows = noted.take(MANY)
            told += _tell(rows)
        if len(rows) < MANY:
            return told


def _tell(rows: Collection[Row]) -> int:
    """Nine statements at most, one for each authority and one for each event."""
    if not rows:
        return 0
    batch = noted.gathered(rows)
    return _tell_standing(batch) + _tell_values(batch)


def _tell_values(batch: Batch) -> int:
    told, since = 0, noted.since(batch.changed)
    for person_id, keys in batch.changed.items():
        person = batch.people.get(person_id)
        if person is None or person.restricted_at or person.merged_into_id:
            continue
        for contract, sector in batch.concerned(person):
            seen = since.get((person.pk, sector))
            new = {name for name, at in keys.items() if seen is not None and at > seen}
            news = _news(grants.joined([contract]), new, batch.values(person))
            if any(news.values()):
                told += _publish(person, contract, sector, news, batch.now)
    return told


def _tell_standing(batch: Batch) -> int:
    """Of those merged or parted: to whom knows their requests, with all that its contract reads of who they are now."""
    told = 0
    for person_id, before in batch.was.items():
        person = batch.people.get(person_id)
        if person is None or person.merged_into_id == before:
            continue
        now = batch.people[person.merged_into_id] if person.merged_into_id else person
        if now.restricted_at:
            continue
        former = batch.people.get(before) if before else None
        others = {
            "merged_into": now if now is not person else None,
            "parted_from": former if former is not None and not former.merged_into_id else None,
        }
        for contract, sector in batch.concerned(person):
            grant = grants.joined([contract])
            named = {
                name: identifier(each.pk, each.authority.pk, sector)
                for name, each in others.items()
                if each is not None
            }
            news = _news(grant, list(grant.read), batch.values(now))
            told += _publish(person, contract, sector, {**named, **news}, batch.now)
    return told


def _news(grant: Grant, changed: Collection[str], known: Mapping[str, Known]) -> dict[str, Any]:
    """What this contract reads of what changed: the values given now, and the attributes that are known no more."""
    given = grant.given({key: value for key, value in known.items() if key in changed})
    return {
        "attributes": {key: value for key, value in given.items() if _is_shaped(key, value)},
        "removed": sorted(key for key in changed if key in grant.read and key not in known),
    }


def _is_shaped(key: str, value: Any) -> bool:
    """The hub would refuse the whole event for one value that is not of the contract's shape."""
    try:
        checked(key, value)
    except WrongValue:
        log.warning("person_value_not_told", attribute=key)
        return False
    return True


def _publish(person: Person, contract: Contract, sector: str, news: Mapping[str, Any], at: datetime) -> int:
    authority: Authority = person.authority
    # Neither the subject nor the event is shared by two applications: the hub makes the person's identifier theirs.
    lane = identifier(person.pk, authority.pk, f"contract/{contract.pk}/{sector}")
    enqueue(
        UPDATED,
        subject=f"person/{lane}",
        authority=authority.siret,
        data={
            "person": identifier(person.pk, authority.pk, sector),
            "kind": str(person.kind),
            **{name: value for name, value in news.items() if value or name == "attributes"},
            "occurred_at": at.isoformat(),
        },
        sequence=None,
        time=at,
        recipient=contract.application,
        for_nobody=True,
    )
    return 1
