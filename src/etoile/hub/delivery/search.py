"""Finding deliveries: exact criteria that combine, answered by index look-ups alone, a page at a time, both ways.

What is typed of a case, a number or an error leads to a few deliveries by its own index; otherwise each subscription
and state asked is probed for its own first page, and the first of all of them are kept. Neither reads more when the
hub has carried more; what waits to leave is read whole, for the subscriptions asked.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from etoile.contract.identifiers import first_uuid7
from etoile.hub.delivery.models import Delivery
from etoile.hub.delivery.states import DeliveryState
from etoile.hub.registry.models import Subscription

PAGE = 50
# Beyond, an error is too common to be looked for alone: the page says to narrow the search.
MOST_TRIES = 20_000
MOST_CASES = 100
FIRST, LAST = UUID(int=0), UUID(int=(1 << 128) - 1)

SUBJECTS = """
SELECT DISTINCT subject FROM journal_message
WHERE id = ANY (ARRAY(SELECT id FROM journal_message WHERE reference = upper(%(case)s)
                      UNION ALL SELECT id FROM journal_message WHERE subject = %(subject)s
                      UNION ALL SELECT id FROM journal_message WHERE event_id = %(case)s
                      UNION ALL SELECT id FROM journal_message WHERE id = %(key)s::uuid
                      UNION ALL SELECT message_id FROM delivery_delivery WHERE id = %(key)s::uuid))
LIMIT %(most)s
"""
OF_CASES = """
SELECT id FROM delivery_delivery WHERE message_id = ANY (ARRAY(
    SELECT id FROM journal_message WHERE subject = ANY(%(subjects)s::text[])))
"""
OF_NUMBER = "SELECT id FROM delivery_delivery WHERE external_id = %(number)s"
# As the index of the migration says it, word for word. The last word typed may be a beginning.
SEPARATED = "translate({text}, '’«»…\u00a0\u202f', '      ')"
TYPED = f"nullif(plainto_tsquery('simple', {SEPARATED.format(text='%(words)s::text')})::text, '')"
MATCHING = f"""outcome NOT IN ('acknowledged', 'accepted')
  AND to_tsvector('simple', {SEPARATED.format(text="detail")}) @@ ({TYPED} || ':*')::tsquery"""
OF_WORDS = f"SELECT delivery_id FROM delivery_attempt WHERE {MATCHING} AND id >= %(low)s LIMIT %(most_tries)s"  # noqa: S608
COMMON = f"SELECT count(*) FROM ({OF_WORDS}) tried"  # noqa: S608

KNOWN = """
SELECT d.id FROM delivery_delivery d WHERE d.id = ANY (ARRAY({known})) AND d.id > %(low)s AND d.id < %(high)s{more}
ORDER BY d.id {way} LIMIT %(limit)s
"""
# What moves by itself is in no index of its own: claims and results would write it each time.
MOVING = ("pending", "leased", "retry_scheduled")
# Rows are compared whole, so that only the index of places gives the order: with equalities the planner may rather
# walk all the keys, hoping to meet soon what is not there.
RESTING_FIRST = """
SELECT d.id FROM unnest(%(subscriptions)s::bigint[]) AS s(subscription_id)
CROSS JOIN unnest(%(resting)s::text[]) AS t(state)
CROSS JOIN LATERAL (
    SELECT d.id FROM delivery_delivery d
    WHERE (d.subscription_id, d.state, d.id) > (s.subscription_id, t.state, %(low)s)
      AND (d.subscription_id, d.state, d.id) < (s.subscription_id, t.state, %(high)s)
      AND d.state IN ('sent', 'acknowledged', 'rejected', 'dead', 'held', 'cancelled')
    ORDER BY d.subscription_id {way}, d.state {way}, d.id {way} LIMIT %(limit)s
) d
"""
# All that waits for these subscriptions is looked at, in the index of lanes, and nothing of what is over.
MOVING_ONES = """
SELECT d.id FROM unnest(%(subscriptions)s::bigint[]) AS s(subscription_id)
CROSS JOIN LATERAL (
    SELECT d.id FROM delivery_delivery d
    WHERE d.subscription_id = s.subscription_id AND d.state = ANY(%(moving)s::text[])
      AND d.state IN ('pending', 'leased', 'retry_scheduled') AND d.id > %(low)s AND d.id < %(high)s
    OFFSET 0
) d
"""
PROBED = "SELECT found.id FROM ({probes}) found ORDER BY found.id {way} LIMIT %(limit)s"
WALKED = """
SELECT d.id FROM delivery_delivery d WHERE d.id > %(low)s AND d.id < %(high)s ORDER BY d.id {way} LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Criteria:
    """All that is given must hold. `case`: a reference, a subject, or an identifier. `words`: of an error, each must
    be there, the last one may be a beginning. `since` and `until`: days, both included."""

    case: str = ""
    application: int | None = None
    subscription: int | None = None
    type: str = ""
    states: tuple[str, ...] = ()
    number: str = ""
    words: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def narrows(self) -> bool:
        return self != Criteria()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: after a key in the order of the list, or before one."""

    after: UUID | None = None
    before: UUID | None = None
    oldest_first: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """One page, in the order asked. The keys of the neighbours are empty when there is none. `is_cut`: the words asked
    are so common that only some of what bears them was looked at."""

    rows: list[Delivery]
    next_key: str = ""
    previous_key: str = ""
    is_cut: bool = False


def page(criteria: Criteria, place: Place, size: int = 0) -> Found:
    """Two statements, one more for a case, one more for an application or a type."""
    size = size or PAGE
    backwards = place.before is not None
    ascending = place.oldest_first != backwards
    low, high = _bounds(criteria)
    key = place.before or place.after
    if key is not None:
        low, high = (max(low, key), high) if ascending else (low, min(high, key))
    ids = _ids(criteria, low, high, ascending=ascending, limit=size + 1)
    more, kept = len(ids) > size, ids[:size]
    if backwards:
        kept.reverse()
    found = Delivery.objects.in_bulk(kept)
    has_next = bool(kept) and (backwards or more)
    has_previous = bool(kept) and (more if backwards else place.after is not None)
    return Found(
        [found[id] for id in kept if id in found],
        str(kept[-1]) if has_next else "",
        str(kept[0]) if has_previous else "",
        is_cut=_is_too_common(criteria, low),
    )


def ids(criteria: Criteria, *, up_to: UUID, limit: int) -> list[UUID]:
    """The keys of all that matches, oldest first, made before `up_to` (included)."""
    low, high = _bounds(criteria)
    return _ids(criteria, low, min(high, UUID(int=min(up_to.int + 1, LAST.int))), ascending=True, limit=limit)


def _ids(criteria: Criteria, low: UUID, high: UUID, *, ascending: bool, limit: int) -> list[UUID]:
    given: dict[str, Any] = {"low": low, "high": high, "limit": limit, "most_tries": MOST_TRIES}
    given |= {"number": criteria.number, "words": criteria.words, "states": list(criteria.states)}
    narrowed = criteria.application is not None or criteria.subscription is not None or bool(criteria.type)
    with connection.cursor() as cursor:
        if criteria.case:
            given["subjects"] = _subjects(cursor, criteria.case)
        if narrowed or criteria.states:
            given["subscriptions"] = _subscriptions(criteria)
        known, more = _known(criteria, narrowed=narrowed)
        statement = KNOWN if known else _probed(given) if narrowed or criteria.states else WALKED
        cursor.execute(statement.format(known=known, more=more, way="ASC" if ascending else "DESC"), given)
        return [row[0] for row in cursor.fetchall()]


def _probed(given: dict[str, Any]) -> str:
    states = given["states"] or list(DeliveryState.values)
    given["moving"] = [state for state in states if state in MOVING]
    given["resting"] = [state for state in states if state not in MOVING]
    probes = [sql for sql, asked in ((RESTING_FIRST, "resting"), (MOVING_ONES, "moving")) if given[asked]]
    return PROBED.replace("{probes}", " UNION ALL ".join(probes))


def _known(criteria: Criteria, *, narrowed: bool) -> tuple[str, str]:
    """The look-up that leads to few deliveries, and the conditions that the others become."""
    conditions = [" AND d.subscription_id = ANY(%(subscriptions)s::bigint[])"] if narrowed else []
    conditions += [" AND d.state = ANY(%(states)s::text[])"] if criteria.states else []
    looked_up = []
    if criteria.case:
        looked_up.append(OF_CASES)
    if criteria.number:
        looked_up.append(OF_NUMBER)
        conditions.append(" AND d.external_id = %(number)s")
    if criteria.words:
        looked_up.append(OF_WORDS)
        conditions.append(f" AND EXISTS (SELECT FROM delivery_attempt a WHERE a.delivery_id = d.id AND {MATCHING})")
    return (looked_up[0], "".join(conditions)) if looked_up else ("", "")


def _is_too_common(criteria: Criteria, low: UUID) -> bool:
    words = criteria.words
    if not words or criteria.case or criteria.number:
        return False
    with connection.cursor() as cursor:
        cursor.execute(COMMON, {"words": words, "low": low, "most_tries": MOST_TRIES})
        return bool(cursor.fetchone()[0] >= MOST_TRIES)


def _subjects(cursor: Any, case: str) -> list[str]:
    try:
        key = UUID(case.removeprefix("case/"))
    except ValueError:
        key = None
    subject = f"case/{key}" if key and not case.startswith("case/") else case
    cursor.execute(SUBJECTS, {"case": case, "subject": subject, "key": key, "most": MOST_CASES})
    return [row[0] for row in cursor.fetchall()]


def _subscriptions(criteria: Criteria) -> list[int]:
    rows = Subscription.objects.all()
    if criteria.application is not None:
        rows = rows.filter(application_id=criteria.application)
    if criteria.subscription is not None:
        rows = rows.filter(pk=criteria.subscription)
    if criteria.type:
        rows = rows.filter(message_type__type=criteria.type)
    return list(rows.values_list("pk", flat=True))


def _bounds(criteria: Criteria) -> tuple[UUID, UUID]:
    low = UUID(int=first_uuid7(_midnight(criteria.since)).int - 1) if criteria.since else FIRST
    return low, first_uuid7(_midnight(criteria.until + timedelta(days=1))) if criteria.until else LAST


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
