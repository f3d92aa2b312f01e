"""Changes of people, told to the applications whose contract reads what changed, each under its own identifiers.

A trigger notes what changes, in the transaction that changes it; `tell` empties these notes and fills the outbox, in
one transaction: killed anywhere, it has told all of it or none.
"""

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import structlog
from django.db import connection, transaction
from django.utils import timezone

from etoile.gru.access.models import Authority
from etoile.gru.contracts import grants, queries
from etoile.gru.contracts.grants import Grant, Known
from etoile.gru.contracts.models import Contract
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
) RETURNING person_id, key, at
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person is known: the procedure of one of their requests, and its sector, by slugs."""

    person: uuid.UUID
    procedure: str
    sector: str


Places = Callable[[Collection[uuid.UUID]], Iterator[Place]]
_places: list[Places] = []


def register(find: Places) -> None:
    """Who knows where people are known: the cases, which this room may not read. One statement a call."""
    _places[:] = [find]


def tell() -> int:
    """Tell of the changes noted so far, `MANY` at a time; returns how many events are on their way."""
    told = 0
    while True:
        with transaction.atomic(), scope.of_task("telling"):
            with connection.cursor() as cursor:
                cursor.execute(_TAKE, [MANY])
                rows = cursor.fetchall()
            told += _tell(rows)
        if len(rows) < MANY:
            return told


def _tell(rows: Collection[tuple[uuid.UUID, str, datetime]]) -> int:
    """Five statements, one for each authority and one for each event."""
    if not rows:
        return 0
    changed: dict[uuid.UUID, dict[str, datetime]] = defaultdict(dict)
    for person_id, key, at in rows:
        changed[person_id][key] = max(at, changed[person_id].get(key, at))
    people = Person.objects.filter(pk__in=changed, restricted_at=None, merged_into=None).select_related("authority")
    known: dict[uuid.UUID, list[Attribute]] = defaultdict(list)
    for each in Attribute.objects.filter(person__in=changed):
        known[each.person_id].append(each)  # type: ignore[attr-defined]
    since = _since(changed)
    places: dict[uuid.UUID, list[Place]] = defaultdict(list)
    for place in _places[0](list(changed)) if _places else ():
        places[place.person].append(place)
    held: dict[tuple[int, date], list[Contract]] = {}
    # To the minute: a moment to the microsecond would be a key that two applications could match.
    told, now = 0, timezone.now().replace(second=0, microsecond=0)
    for person in people:
        authority: Authority = person.authority
        there = (authority.pk, authority.today())
        if there not in held:
            held[there] = queries.by_hub(*there)
        values = grants.known_of(known[person.pk], now)
        for contract, sector in _concerned(held[there], places[person.pk]):
            seen = since.get((person.pk, sector))
            keys = {name for name, at in changed[person.pk].items() if seen is not None and at > seen}
            told += _publish(person, contract, sector, _news(grants.joined([contract]), keys, values), now)
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
    if not news["attributes"] and not news["removed"]:
        return 0
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
            **{name: value for name, value in news.items() if value},
            "occurred_at": at.isoformat(),
        },
        sequence=None,
        time=at,
        recipient=contract.application,
        for_nobody=True,
    )
    return 1
