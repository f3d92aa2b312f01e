from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from etoile.hub.delivery.states import DeliveryState
from etoile.hub.journal.management.said import as_json, as_table, leave
from etoile.hub.reconciliation import services
from etoile.hub.reconciliation.models import Report, Row

SHORT = {"retry_scheduled": "retry", "acknowledged": "acked"}


class Command(BaseCommand):
    help = "Compare what was accepted on one day (UTC) with what became of it; status 1 if anything does not tally."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--day", type=date.fromisoformat, help="2026-11-24; yesterday unless told")
        parser.add_argument("--here-only", action="store_true", help="do not ask the applications what they hold")
        parser.add_argument("--csv", type=Path, metavar="FILE", help="also write the lines there")
        parser.add_argument("--json", action="store_true")

    def handle(
        self, *args: Any, day: date | None, here_only: bool, csv: Path | None, json: bool, **options: Any
    ) -> None:
        day = day or services.yesterday()
        report = services.run(connection, day) if here_only else services.compare(connection, day)
        rows = services.rows(report)
        if csv:
            csv.write_text("".join(services.csv_lines([report])), encoding="utf-8-sig", newline="")
        if json:
            as_json(self.stdout, _content(report, rows))
        else:
            self._say(report, rows)
        if report.differences:
            leave()

    def _say(self, report: Report, rows: list[Row]) -> None:
        self.stdout.write(
            f"{report.day}: {report.messages} messages, {report.routed} routed, {report.unrouted} without a receiver, "
            f"{report.kept} kept; the journal accepted {report.entries}."
        )
        as_table(self.stdout, [_line(row) for row in rows])
        for row in rows:
            if row.note:
                self.stdout.write(f"{row.subscription}: {row.note}")
        for each in services.differences(report):
            what = each.message_id or each.external_id
            self.stdout.write(f"- {each.kind}: {what} {each.reference}".rstrip())
        self.stdout.write("Everything tallies." if not report.differences else f"{report.differences} differences.")


def _line(row: Row) -> dict[str, Any]:
    states = {SHORT.get(state, state): getattr(row, state) for state in DeliveryState.values}
    return {
        "subscription": row.subscription,
        "accepted": row.accepted,
        **states,
        "missing": row.missing,
        "unpromised": row.unpromised,
        "theirs": row.theirs,
        "not there": row.missing_there,
        "not here": row.unknown_here,
    }


def _content(report: Report, rows: list[Row]) -> dict[str, Any]:
    names = ("day", "made_at", "entries", "messages", "routed", "unrouted", "kept", "differences")
    listed = ("kind", "subscription_id", "message_id", "delivery_id", "external_id", "reference")
    return {
        **{name: getattr(report, name) for name in names},
        "rows": [{name: getattr(row, name) for name in services.COLUMNS[1:]} for row in rows],
        "found": [{name: getattr(each, name) for name in listed} for each in services.differences(report)],
    }
