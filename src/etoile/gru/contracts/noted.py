"""What was noted of people since applications were last told, with all that telling of it takes: read at once, in a
number of statements that does not depend on how many they are."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection
from django.utils import timezone

from etoile.gru.contracts import grants, queries
from etoile.gru.contracts.grants import Known
from etoile.gru.contracts.models import STANDING, Contract
from etoile.gru.people.models import Attribute, Person, Presence

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


def take(most: int) -> list[Row]:
    """The oldest notes, no longer kept: the caller's transaction tells of them, or keeps them."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [most])
        return sorted(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class Batch:
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


def gathered(rows: Collection[Row]) -> Batch:
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
    return Batch(changed, was, people, known, _known_at(people), timezone.now().replace(second=0, microsecond=0), {})


def _known_at(people: Mapping[uuid.UUID, Person]) -> Mapping[uuid.UUID, Collection[Place]]:
    merged = [each.pk for each in people.values() if each.merged_into_id]
    places: dict[uuid.UUID, list[Place]] = defaultdict(list)
    for place in _places[0](list(people)) if _places else ():
        places[place.person].append(place)
    for place in _former[0](merged) if merged and _former else ():
        places[place.person].append(place)
    return places


def since(people: Collection[uuid.UUID]) -> dict[tuple[uuid.UUID, str], datetime]:
    """When each became known to each sector: what was written then was told by their request."""
    found = Presence.objects.filter(person__in=list(people)).values_list("person_id", "sector__slug", "since")
    return {(person, sector): since for person, sector, since in found}


def _concerned(contracts: Collection[Contract], places: Collection[Place]) -> Iterator[tuple[Contract, str]]:
    for contract in contracts:
        sectors = {each.sector for each in places if grants.covers(contract, each.procedure, each.sector)}
        for sector in sorted(sectors):
            yield contract, sector
