"""What is wrong now: each check asks the database one question, and answers with causes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import connection, transaction

from etoile.hub.delivery import circuits
from etoile.hub.journal import seals
from etoile.hub.lookups import failing
from etoile.hub.reconciliation.models import Report
from etoile.hub.registry import directory
from etoile.hub.registry.directory import Snapshot
from etoile.hub.watch import certificates
from etoile.hub.watch.models import AlarmKind, Notice, Rhythm

log = structlog.get_logger("etoile.hub.watch")

SEAL_LATE = timedelta(seconds=90)
RECONCILED_DAYS = timedelta(days=7)
UNTOLD_AFTER = timedelta(minutes=15)
GIVEN_UP_FOR = timedelta(days=1)
SURE = 2


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that is wrong. `key` names it for as long as it lasts; `count`: how many cases it keeps waiting."""

    kind: AlarmKind
    key: str
    count: int
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seen:
    """All that is wrong, and the kinds of which nothing could be said because their check failed."""

    causes: list[Cause]
    unknown: frozenset[AlarmKind]


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    kinds: tuple[AlarmKind, ...]
    look: Callable[[Any, Snapshot, datetime], Iterator[Cause]]


STUCK = """
SELECT subscription_id, state, count(*), min(created_at) FROM delivery_delivery
WHERE state IN ('rejected', 'dead') GROUP BY 1, 2
UNION ALL
SELECT subscription_id, 'doubtful', count(*), min(created_at) FROM delivery_delivery
WHERE state IN ('held') AND outcome = 'doubtful' GROUP BY 1
"""
# Only what could leave: what waits behind another of its lane waits for that one, which is told.
OLDEST = """
SELECT subscription_id, count(*), min(created_at) FROM delivery_delivery
WHERE due IS NOT NULL AND created_at < %s GROUP BY 1
"""
WAITING = """
SELECT subscription_id, count(*) FROM delivery_delivery
WHERE subscription_id = ANY(%s::bigint[]) AND state IN ('pending', 'leased', 'retry_scheduled') GROUP BY 1
"""
UNROUTED = "SELECT count(*), min(received_at) FROM journal_message WHERE state = 'unrouted'"
QUARANTINE = """
SELECT application_id, reason = 'unreadable', count(*), min(at), (array_agg(external_id ORDER BY id DESC))[1]
FROM delivery_quarantined WHERE state = 'waiting' GROUP BY 1, 2
"""
POLLS = "SELECT subscription_id FROM delivery_poll WHERE last_error IS NOT NULL"


def look(now: datetime, checks: tuple[Check, ...]) -> Seen:
    """Every cause there is now. A check that fails hides nothing: it is a cause itself."""
    with connection.cursor() as cursor:
        snapshot = directory.current(cursor)
    causes: list[Cause] = []
    unknown: set[AlarmKind] = set()
    for check in checks:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                causes += check.look(cursor, snapshot, now)
        except Exception:
            log.exception("watch.check_failed", kind=check.name)
            unknown.update(check.kinds)
            causes.append(Cause(AlarmKind.BLIND, f"blind:{check.name}", 1, {"check": check.name}))
    return Seen(causes, frozenset(unknown))


def _stuck(cursor: Any, snapshot: Snapshot, now: datetime) -> Iterator[Cause]:
    cursor.execute(STUCK)
    for subscription_id, state, number, oldest in cursor.fetchall():
        yield _of_subscription(AlarmKind(state), subscription_id, snapshot, number, oldest)


def _slow(cursor: Any, snapshot: Snapshot, now: datetime) -> Iterator[Cause]:
    """A subscription whose circuit is open is late for that reason alone: one cause."""
    cut = circuits.all(cursor)
    cursor.execute(WAITING, [list(cut)])
    waiting = dict(cursor.fetchall())
    for id, circuit in cut.items():
        cause = _of_subscription(AlarmKind.CIRCUIT, id, snapshot, waiting.get(id, 0), circuit.since)
        yield replace(cause, detail=cause.detail | {"of": circuit.reason})
    cursor.execute(OLDEST, [now - timedelta(minutes=settings.HUB_ALARM_OLDEST_MINUTES)])
    for subscription_id, number, oldest in cursor.fetchall():
        if subscription_id not in cut:
            yield _of_subscription(AlarmKind.OLDEST, subscription_id, snapshot, number, oldest)


def _unrouted(cursor: Any, snapshot: Snapshot, now: datetime) -> Iterator[Cause]:
    cursor.execute(UNROUTED)
    number, oldest = cursor.fetchone()
    if number:
        yield Cause(AlarmKind.UNROUTED, "unrouted", number, {"since": oldest.isoformat()})


def _quarantined(cursor: Any, snapshot: Snapshot, now: datetime) -> Iterator[Cause]:
    names = {view.id: view for view in snapshot.applications.values()}
    cursor.execute(QUARANTINE)
    for application_id, unreadable, number, oldest, last in cursor.fetchall():
        view = names.get(application_id)
        slug, name = (view.slug, view.name) if view else (f"#{application_id}",) * 2
        detail = {"name": name, "application": slug, "application_id": application_id, "since": oldest.isoformat()}
        if unreadable:
            yield Cause(AlarmKind.UNREADABLE, f"unreadable:{slug}", number, detail | {"file": last})
        else:
            yield Cause(AlarmKind.QUARANTINE, f"quarantine:{slug}", number, detail)


def _polls(cursor: Any, snapshot: Snapshot, now: datetime) -> Iterator[Cause]:
    cursor.execute(POLLS)
    for (subscription_id,) in cursor.fetchall():
        view = snapshot.subscriptions.get(subscription_id)
        if view is not None and view.active:
            yield _of_subscription(AlarmKind.POLL, subscription_id, snapshot, 1, None)


def _lookups(cursor: Any, snapshot: Snapshot, now: datetime) -> Iterator[Cause]:
    """A lookup that no provider answers any more: the last words of each are failures. One may be an accident."""
    views = [view for view in snapshot.lookups.values() if view.active and view.providers]
    held = failing.all(cursor, [provider for view in views for provider in view.providers])
    for view in views:
        found = [each for provider in view.providers if (each := held.get(provider.id)) and each.failures >= SURE]
        if len(found) == len(view.providers):
            since = max(each.since for each in found)
            of = "configuration" if all(each.misconfigured for each in found) else "unavailable"
            detail = {"lookup": view.name, "name": view.title, "of": of, "since": since.isoformat()}
            yield Cause(AlarmKind.LOOKUP, f"lookup:{view.name}", max(each.failures for each in found), detail)


def _certificates(cursor: Any, snapshot: Snapshot, now: datetime) -> Iterator[Cause]:
    for each in certificates.ending(snapshot, now):
        view = each.application
        detail = {"name": view.name, "application": view.slug, "application_id": view.id, "subscription": each.holder,
                  "lookup": each.lookup, "secret": each.secret, "ends": each.ends.isoformat(),
                  "of": "ended" if each.ends < now else "soon"}  # fmt: skip
        yield Cause(AlarmKind.CERTIFICATE, f"certificate:{view.slug}:{each.fingerprint}", each.places, detail)


def _sealing(cursor: Any, snapshot: Snapshot, now: datetime) -> Iterator[Cause]:
    number, oldest = seals.waiting(cursor)
    if oldest is not None and now - oldest > SEAL_LATE:
        yield Cause(AlarmKind.SEAL, "seal", number, {"since": oldest.isoformat()})


def _accounts(cursor: Any, snapshot: Snapshot, now: datetime) -> Iterator[Cause]:
    """The last report of each recent day: made again without a difference, its alarm closes."""
    last: dict[Any, Report] = {}
    for report in Report.objects.filter(day__gte=(now - RECONCILED_DAYS).date()).order_by("id"):
        last[report.day] = report
    for day, report in sorted(last.items()):
        if report.differences:
            detail = {"day": day.isoformat(), "report": report.pk, "since": report.made_at.isoformat()}
            yield Cause(AlarmKind.RECONCILIATION, f"reconciliation:{day.isoformat()}", report.differences, detail)


def _silence(cursor: Any, snapshot: Snapshot, now: datetime) -> Iterator[Cause]:
    names = {view.id: view for view in snapshot.applications.values()}
    for rhythm in Rhythm.objects.filter(silent_since__isnull=False):
        view = names.get(rhythm.application_id)
        if view is not None and view.is_active and rhythm.silent_since is not None:
            detail = {"name": view.name, "application": view.slug, "application_id": view.id,
                      "of": rhythm.silent_of, "since": rhythm.silent_since.isoformat()}  # fmt: skip
            yield Cause(AlarmKind.SILENT, f"silent:{view.slug}", rhythm.waiting, detail)


def _untold(cursor: Any, snapshot: Snapshot, now: datetime) -> Iterator[Cause]:
    waiting = Notice.objects.filter(due__isnull=False, attempts__gt=0, created_at__lt=now - UNTOLD_AFTER)
    lost = Notice.objects.filter(given_up_at__gt=now - GIVEN_UP_FOR)
    number = waiting.count() + lost.count()
    if number:
        oldest = (waiting | lost).order_by("created_at").values_list("created_at", flat=True).first()
        yield Cause(AlarmKind.NOTICE, "notice", number, {"since": oldest.isoformat() if oldest else None})


def _of_subscription(
    kind: AlarmKind, subscription_id: int, snapshot: Snapshot, number: int, since: datetime | None
) -> Cause:
    view = snapshot.subscriptions.get(subscription_id)
    slug = view.slug if view else f"#{subscription_id}"
    detail: dict[str, Any] = {"subscription": slug, "subscription_id": subscription_id, "name": slug}
    if view is not None:
        detail |= {"name": view.application.name, "application": view.application.slug,
                   "application_id": view.application.id}  # fmt: skip
    if since is not None:
        detail["since"] = since.isoformat()
    return Cause(kind, f"{kind.value}:{slug}", number, detail)


CHECKS = (
    Check("stuck", (AlarmKind.DEAD, AlarmKind.REJECTED, AlarmKind.DOUBTFUL), _stuck),
    Check("slow", (AlarmKind.CIRCUIT, AlarmKind.OLDEST), _slow),
    Check("unrouted", (AlarmKind.UNROUTED,), _unrouted),
    Check("quarantine", (AlarmKind.QUARANTINE, AlarmKind.UNREADABLE), _quarantined),
    Check("polls", (AlarmKind.POLL,), _polls),
    Check("lookups", (AlarmKind.LOOKUP,), _lookups),
    Check("certificates", (AlarmKind.CERTIFICATE,), _certificates),
    Check("sealing", (AlarmKind.SEAL,), _sealing),
    Check("accounts", (AlarmKind.RECONCILIATION,), _accounts),
    Check("silence", (AlarmKind.SILENT,), _silence),
    Check("notices", (AlarmKind.NOTICE,), _untold),
)
