"""Who looks like whom: persons written since the last time are compared with those who share a key with them.

The number of statements does not depend on how many persons the base holds, nor on how many look alike.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from etoile.gru.matching.keeping import rules_of
from etoile.gru.matching.models import Asking, Exclusion, Key, Suspicion, ToExamine
from etoile.gru.matching.rules import Rules
from etoile.gru.matching.score import Value, blocks, score
from etoile.gru.people import scope
from etoile.gru.people.models import Attribute, Person
from etoile.gru.sealing import lasting

# Persons compared in one transaction; others compared with each of them for one key, whatever the number who have it.
SLICE, MOST = 50, 40
TASK = "matching"

Pair = tuple[uuid.UUID, uuid.UUID]
Everything = Mapping[uuid.UUID, Mapping[str, Value]]

_CLAIM = """
DELETE FROM matching_to_examine WHERE person_id IN (
    SELECT person_id FROM matching_to_examine ORDER BY person_id LIMIT %s FOR UPDATE SKIP LOCKED
) RETURNING person_id
"""
_CANDIDATES = """
SELECT DISTINCT mine.person_id, other.person_id
FROM matching_key mine
CROSS JOIN LATERAL (
    SELECT person_id FROM matching_key
    WHERE authority_id = mine.authority_id AND digest = mine.digest AND person_id <> mine.person_id
    LIMIT %s
) other
WHERE mine.person_id = ANY(%s)
"""


def examine_all(most: int = 2000) -> int:
    """Slice after slice, until nobody waits or `most` were seen. How many were. A slice that fails is as it was."""
    seen = 0
    while seen < most:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_CLAIM, [SLICE])
            waiting = [person for (person,) in cursor.fetchall()]
            examine(waiting)
        seen += len(waiting)
        if len(waiting) < SLICE:
            break
    return seen


def examine(persons: Iterable[uuid.UUID]) -> None:
    """Write their keys and their suspicions anew, in the caller's transaction. Those who were merged, or asked that
    nothing more be done of what is known of them, have none."""
    asked = list(persons)
    if not asked:
        return
    with scope.of_task(TASK):
        Key.objects.filter(person__in=asked).delete()
        found = list(Person.objects.filter(pk__in=asked, merged_into=None, restricted_at=None))
        for authority in {each.authority_id for each in found}:
            _examine(authority, [each.pk for each in found if each.authority_id == authority])
        gone = set(asked) - {each.pk for each in found}
        if gone:
            Suspicion.objects.filter(Q(first__in=gone) | Q(second__in=gone)).delete()


def again(persons: Iterable[uuid.UUID]) -> None:
    """They will be compared by the worker."""
    ToExamine.objects.bulk_create([ToExamine(person_id=each) for each in persons], ignore_conflicts=True)


def known_of(persons: Iterable[uuid.UUID]) -> Everything:
    """What is known of each, expired values left out. One statement."""
    valid = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    found: dict[uuid.UUID, dict[str, Value]] = defaultdict(dict)
    for each in Attribute.objects.filter(valid, person__in=list(persons)):
        found[each.person_id][each.key] = Value(each.value, each.level)
    return found


def ordered(one: uuid.UUID, other: uuid.UUID) -> Pair:
    return (one, other) if one < other else (other, one)


def _examine(authority: int, persons: list[uuid.UUID]) -> None:
    rules = rules_of(authority)
    known = known_of(persons)
    Key.objects.bulk_create(
        Key(person_id=person, authority_id=authority, digest=digest)
        for person in persons
        for digest in {_digest(authority, line) for _number, line in blocks(rules, known.get(person, {}))}
    )
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, [MOST, persons])
        pairs = {ordered(*pair) for pair in cursor.fetchall()}
    others = {each for pair in pairs for each in pair} - set(persons)
    suspected = _suspected(rules, pairs, {**known, **known_of(others)}) if pairs else {}
    of_these = Q(first__in=persons) | Q(second__in=persons)
    apart = set(Exclusion.objects.filter(of_these).values_list("first", "second")) if suspected else set()
    _write(authority, {pair: points for pair, points in suspected.items() if pair not in apart}, of_these)


def _suspected(rules: Rules, pairs: set[Pair], known: Everything) -> dict[Pair, int]:
    scored = {pair: score(rules, known.get(pair[0], {}), known.get(pair[1], {})) for pair in pairs}
    return {pair: found.points for pair, found in scored.items() if found.suspects(rules)}


def _write(authority: int, suspected: Mapping[Pair, int], of_these: Q) -> None:
    """Those that no longer hold go, unless an agent said so or has them under the eyes, or the person was asked."""
    asked = Asking.objects.filter(first=OuterRef("first"), second=OuterRef("second"))
    held = Q(locked_until__gt=timezone.now()) | Q(flagged_by__isnull=False) | Q(Exists(asked))
    existing = {(each.first_id, each.second_id): each for each in Suspicion.objects.filter(of_these)}
    stale = [each.pk for pair, each in existing.items() if pair not in suspected]
    if stale:
        Suspicion.objects.filter(pk__in=stale).exclude(held).delete()
    Suspicion.objects.bulk_create(
        [
            Suspicion(authority_id=authority, first_id=first, second_id=second, points=points)
            for (first, second), points in suspected.items()
        ],
        update_conflicts=True,
        unique_fields=["first", "second"],
        update_fields=["points"],
    )


def _digest(authority: int, line: str) -> bytes:
    said = f"{authority}\x1f{line}".encode()
    return lasting.digest(b"etoile gru matching", said)[:16]
