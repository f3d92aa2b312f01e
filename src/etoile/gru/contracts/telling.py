"""Changes of people, told to the applications whose contract reads what changed, each under its own identifiers.

A trigger notes what changes, in the transaction that changes it; `tell` empties these notes and fills the outbox, in
one transaction: killed anywhere, it has told all of it or none. A record that was merged, or parted again, is told
under the identifier that the application knows: which one now means this person.
"""

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import structlog
from django.db import connection, transaction
from django.utils import timezone

from etoile.gru.access.models import Authority
from etoile.gru.contracts import grants, queries
from etoile.gru.contracts.grants import Grant, Known
from etoile.gru.contracts.models import STANDING, Contract
from etoile.gru.contracts.values import WrongValue, checked
from etoile.gru.outbox.services import enqueue
from etoile.gru.people import scope
from etoile.gru.people.models import Attribute, Person, Presence
from etoile.gru.people.pairwise import identifier

log = structlog.get_logger(__name__)

UPDATED = "org.etoile.person.updated.v1"
MANY = 500

_TAKE = """
DELETE FROM contracts_changed WHERE id IN (
    SELECT id FROM contracts_changed ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
) RETURNING id, person_id, key, at, was_id
"""
Row = tuple[int, uuid.UUID, str, datetime, uuid.UUID | None]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person is known: the procedure of one of their requests, and its sector, by slugs."""

    person: uuid.UUID
    procedure: str
    sector: str


Places = Callable[[Collection[uuid.UUID]], Iterator[Place]]
_places: list[Places] = []
_former: list[Places] = []


def register(find: Places) -> None:
    """Who knows where people are known: the cases, which this room may not read. One statement a call."""
    _places[:] = [find]


def register_former(find: Places) -> None:
    """Who knows where records now merged were known: two statements a call."""
    _former[:] = [find]


def tell() -> int:
    """Tell of the changes noted so far, `MANY` at a time; returns how many events are on their way."""
    told = 0
    while True:
        with transaction.atomic(), scope.of_task("telling"):
            with connection.cursor() as cursor:
                cursor.execute(_TAKE, [MANY])
                rows = sorted(cursor.fetchall())
            told += _tell(rows)
        if len(rows) < MANY:
            return told


def _tell(rows: Collection[Row]) -> int:
    """Nine statements at most, one for each authority and one for each event."""
    if not rows:
        return 0
    batch = _gathered(rows)
    return _tell_standing(batch) + _tell_values(batch)


@dataclass(frozen=True, slots=True)
class _Batch:
    """What was noted: by person, the attributes that changed and when; `was`: for those merged or parted, the record
    they were merged into before, empty for none."""

    changed: Mapping[uuid.UUID, Mapping[str, datetime]]
    was: Mapping[uuid.UUID, uuid.UUID | None]
    people: Mapping[uuid.UUID, Person]
    known: Mapping[uuid.UUID, Collection[Attribute]]
    places: Mapping[uuid.UUID, Collection[Place]]
    # To the minute: a moment to the microsecond would be a key that two applications could match.
    now: datetime
    held: dict[tuple[int, date], list[Contract]] = field(default_factory=dict)

    def values(self, person: Person) -> dict[str, Known]:
        return grants.known_of(self.known[person.pk], self.now)

    def concerned(self, person: Person) -> Iterator[tuple[Contract, str]]:
        """By the requests of this record, with the sector they are of."""
        there = (person.authority.pk, person.authority.today())
        if there not in self.held:
            self.held[there] = queries.by_hub(*there)
        return _concerned(self.held[there], self.places[person.pk])


def _gathered(rows: Collection[Row]) -> _Batch:
    changed: dict[uuid.UUID, dict[str, datetime]] = defaultdict(dict)
    was: dict[uuid.UUID, uuid.UUID | None] = {}
    for _id, person_id, key, at, before in rows:
        if key == STANDING:
            was.setdefault(person_id, before)
        else:
            changed[person_id][key] = max(at, changed[person_id].get(key, at))
    named = {*changed, *was, *filter(None, was.values())}
    found = Person.objects.filter(pk__in=named).select_related("authority", "merged_into__authority")
    people = {each.pk: each for each in found}
    people |= {each.merged_into.pk: each.merged_into for each in found if each.merged_into and each.pk in was}
    known: dict[uuid.UUID, list[Attribute]] = defaultdict(list)
    for each in Attribute.objects.filter(person__in=people):
        known[each.person_id].append(each)  # type: ignore[attr-defined]
    return _Batch(changed, was, people, known, _known_at(people), timezone.now().replace(second=0, microsecond=0), {})


def _known_at(people: Mapping[uuid.UUID, Person]) -> Mapping[uuid.UUID, Collection[Place]]:
    merged = [each.pk for each in people.values() if each.merged_into_id]
    places: dict[uuid.UUID, list[Place]] = defaultdict(list)
    for place in _places[0](list(people)) if _places else ():
        places[place.person].append(place)
    for place in _former[0](merged) if merged and _former else ():
        places[place.person].append(place)
    return places


def _tell_values(batch: _Batch) -> int:
    told, since = 0, _since(batch.changed)
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


def _tell_standing(batch: _Batch) -> int:
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
                name: identifier(each.pk, each.authority.pk, sector) for name, each in others.items() if each is not None
            }
            news = _news(grant, list(grant.read), batch.values(now))
            told += _publish(person, contract, sector, {**named, **news}, batch.now)
    return told


def _since(people: Collection[uuid.UUID]) -> dict[tuple[uuid.UUID, str], datetime]:
    """When each became known to each sector: what was written then was told by their request."""
    found = Presence.objects.filter(person__in=list(people)).values_list("person_id", "sector__slug", "since")
    return {(person, sector): since for person, sector, since in found}


def _concerned(contracts: Collection[Contract], places: Collection[Place]) -> Iterator[tuple[Contract, str]]:
    for contract in contracts:
        sectors = {each.sector for each in places if grants.covers(contract, each.procedure, each.sector)}
        for sector in sorted(sectors):
            yield contract, sector


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
