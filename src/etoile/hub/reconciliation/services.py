"""Nothing is lost, and it is shown: what was accepted is compared with what became of it, and with what is held there.

    accepted = acknowledged + pending + leased + retry + sent + rejected + dead + held + cancelled

`accepted` is what the journal, which is sealed, said at acceptance; the other side is what the engine holds. A day is
a day of UTC, and a message belongs to the day of its key; so do its deliveries, whenever they were made.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Model

from etoile.contract.identifiers import first_uuid7
from etoile.hub.delivery.states import DeliveryState
from etoile.hub.journal import services as journal
from etoile.hub.journal.seals import atomic
from etoile.hub.reconciliation import holdings, statements
from etoile.hub.reconciliation.holdings import Answered
from etoile.hub.reconciliation.models import Difference, DifferenceKind, Report, Row
from etoile.hub.registry import directory
from etoile.hub.registry.directory import Snapshot
from etoile.runtime import sheets

MOST = 1000
COLUMNS = ("day", "application", "subscription", "accepted", *DeliveryState.values, "missing", "unpromised", "theirs",
           "missing_there", "unknown_here", "note")  # fmt: skip


@dataclass(slots=True)
class _Account:
    """One subscription while it is being counted."""

    accepted: int = 0
    missing: int = 0
    unpromised: int = 0
    states: dict[str, int] = field(default_factory=dict)

    def add(self, state: str | None, promised: bool, number: int) -> None:
        if promised:
            self.accepted += number
        else:
            self.unpromised += number
        if state is None:
            self.missing += number
        else:
            self.states[state] = self.states.get(state, 0) + number


def yesterday() -> date:
    return datetime.now(UTC).date() - timedelta(days=1)


def bounds(day: date) -> tuple[UUID, UUID]:
    """The first key of a day and of the next."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return first_uuid7(start), first_uuid7(start + timedelta(days=1))


def run(connection: Any, day: date, answers: Mapping[int, Answered] | None = None) -> Report:
    """Count one day, keep the report, and write a journal entry, in one transaction. No network.

    `connection`: Django's or psycopg's. `answers`: what `holdings.ask` brought back, before, outside any transaction.
    """
    with atomic(connection), connection.cursor() as cursor:
        snapshot = directory.current(cursor)
        keys: dict[str, Any] = dict(zip(("first", "end"), bounds(day), strict=True)) | {"most": MOST}
        accounts = _accounts(cursor, keys)
        differences = _own_differences(cursor, keys)
        cursor.execute(statements.MESSAGES, keys)
        entries, messages, routed, unrouted, kept = cursor.fetchone()
        rows = [_row(id, account, snapshot) for id, account in sorted(accounts.items())]
        alone, number_alone = _alone(cursor, keys)
        differences += alone
        differences += _compare_all(cursor, keys, _with_asked(rows, answers or {}, snapshot), answers or {}, snapshot)
        number = number_alone + sum(row.differences for row in rows)
        report = Report(
            day=day, made_at=datetime.now(UTC), entries=entries, messages=messages, routed=routed, unrouted=unrouted,
            kept=kept, differences=number,
        )  # fmt: skip
        return _keep(cursor, report, rows, differences)


def compare(connection: Any, day: date) -> Report:
    """Count one day and both sides, with the applications that can list what they hold. Not inside a transaction."""
    with connection.cursor() as cursor:
        snapshot = directory.current(cursor)
    # A little before: the clock of an application is not ours.
    since = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=1)
    return run(connection, day, holdings.ask(snapshot, since))


def reports(limit: int = 60) -> list[Report]:
    """The reports kept, the latest day first."""
    return list(Report.objects.all()[:limit])


def latest(day: date | None = None) -> Report | None:
    """The last report, of that day when one is given."""
    found = Report.objects.filter(day=day) if day else Report.objects.all()
    return found.first()


def rows(report: Report) -> list[Row]:
    return list(Row.objects.filter(report=report))


def differences(report: Report) -> list[Difference]:
    return list(Difference.objects.filter(report=report))


def csv_lines(chosen: Iterable[Report]) -> Iterator[str]:
    """The reports as CSV, line by line, separated by semicolons as the spreadsheets of France expect."""
    yield sheets.line(COLUMNS)
    for report in chosen:
        for row in Row.objects.filter(report=report).iterator():
            yield sheets.line([report.day.isoformat(), *(getattr(row, name) for name in COLUMNS[1:])])


def _accounts(cursor: Any, keys: Mapping[str, Any]) -> dict[int, _Account]:
    cursor.execute(statements.COUNTS, keys)
    accounts: dict[int, _Account] = {}
    for subscription_id, state, promised, number in cursor.fetchall():
        accounts.setdefault(subscription_id, _Account()).add(state, promised, number)
    return accounts


def _row(subscription_id: int, account: _Account, snapshot: Snapshot) -> Row:
    view = snapshot.subscriptions.get(subscription_id)
    return Row(
        subscription_id=subscription_id,
        subscription=view.slug if view else f"#{subscription_id}",
        application=view.application.slug if view else "",
        accepted=account.accepted,
        missing=account.missing,
        unpromised=account.unpromised,
        **account.states,
    )


def _with_asked(rows: list[Row], answers: Mapping[int, Answered], snapshot: Snapshot) -> list[Row]:
    """An application that was asked has its line even on a day on which nothing was accepted for it."""
    known = {row.subscription_id for row in rows}
    rows += [_row(id, _Account(), snapshot) for id in sorted(answers) if id not in known]
    return rows


def _own_differences(cursor: Any, keys: Mapping[str, Any]) -> list[Difference]:
    cursor.execute(statements.OFF, keys)
    return [
        Difference(kind=kind, subscription_id=subscription_id, message_id=message_id, delivery_id=delivery_id)
        for kind, subscription_id, message_id, delivery_id in cursor.fetchall()
    ]


def _alone(cursor: Any, keys: Mapping[str, Any]) -> tuple[list[Difference], int]:
    cursor.execute(statements.ALONE, keys)
    found = cursor.fetchall()
    return [Difference(kind=kind, message_id=id) for kind, id, _ in found], found[0][2] if found else 0


def _compare_all(
    cursor: Any, keys: Mapping[str, Any], rows: list[Row], answers: Mapping[int, Answered], snapshot: Snapshot
) -> list[Difference]:
    found = []
    for row in rows:
        answer = answers.get(row.subscription_id)
        if answer is None:
            continue
        row.note = answer.problem
        if answer.holding is not None and row.subscription_id in snapshot.subscriptions:
            found += _compare(cursor, keys, row, answer, snapshot.subscription(row.subscription_id).application.id)
    return found


def _compare(cursor: Any, keys: Mapping[str, Any], row: Row, answer: Answered, application_id: int) -> list[Difference]:
    holding = answer.holding
    if holding is None:
        return []
    row.theirs = len(holding.items)
    theirs = [each.external_id for each in holding.items]
    told = [(each.external_id, each.reference) for each in holding.items if each.reference]
    found = []
    if holding.complete:
        cursor.execute(statements.MISSING_THERE, {**keys, "subscription_id": row.subscription_id, "theirs": theirs})
        for message_id, delivery_id, external_id, reference, number in cursor.fetchall():
            row.missing_there = number
            found.append(Difference(
                kind=DifferenceKind.MISSING_THERE, subscription_id=row.subscription_id, message_id=message_id,
                delivery_id=delivery_id, external_id=external_id, reference=reference,
            ))  # fmt: skip
    else:
        row.note = "L'application détient plus qu'elle n'a pu en lister : ce qui manque n'est pas compté."
    columns = {"external_id": [each[0] for each in told], "reference": [each[1] for each in told]}
    cursor.execute(statements.UNKNOWN_HERE, {**keys, **columns, "application_id": application_id})
    for external_id, reference, number in cursor.fetchall():
        row.unknown_here = number
        found.append(Difference(
            kind=DifferenceKind.UNKNOWN_HERE, subscription_id=row.subscription_id, external_id=external_id,
            reference=reference,
        ))  # fmt: skip
    return found


def _keep(cursor: Any, report: Report, rows: list[Row], differences: list[Difference]) -> Report:
    """By the cursor that counted, whichever driver made it."""
    (report.pk,) = _insert(cursor, [report], returning="id")
    for row in rows:
        row.report = report
    for difference in differences:
        difference.report = report
    _insert(cursor, rows)
    _insert(cursor, differences)
    detail = {"day": report.day.isoformat(), "report": report.pk, "differences": report.differences}
    journal.record(cursor, "reconciliation.made", actor="hub", detail=detail)
    return report


def _insert(cursor: Any, items: Sequence[Model], *, returning: str = "") -> Any:
    if not items:
        return None
    meta = items[0]._meta
    columns = [each.attname for each in meta.concrete_fields if not each.primary_key]
    places = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {meta.db_table} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608 (names of ours)
    if returning:
        cursor.execute(f"{statement} RETURNING {returning}", [getattr(items[0], name) for name in columns])
        return cursor.fetchone()
    cursor.executemany(statement, [[getattr(each, name) for name in columns] for each in items])
    return None
