from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from etoile.hub.delivery import engine
from etoile.hub.delivery.engine import SubscriptionStats
from etoile.hub.delivery.states import DeliveryState
from etoile.hub.journal import seals
from etoile.hub.journal.management.said import as_json, as_table, leave
from etoile.hub.journal.models import Message, MessageState
from etoile.hub.reconciliation import services as reconciliation
from etoile.hub.registry import directory
from etoile.hub.registry.directory import Snapshot
from etoile.hub.watch import alarms, duties
from etoile.hub.watch.models import Job

SHOWN = [state.value for state in DeliveryState if state not in (DeliveryState.ACKNOWLEDGED, DeliveryState.CANCELLED)]


class Command(BaseCommand):
    help = "What the hub knows, what it still has to deliver, its proofs. Status 1: an alarm is open, or a job is late."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, json: bool = False, **options: Any) -> None:
        content = _status()
        if json:
            as_json(self.stdout, content)
        else:
            self._say(content)
        if content["alarms"] or content["late_jobs"]:
            leave()

    def _say(self, content: dict[str, Any]) -> None:
        self.stdout.write(f"{content['applications']} applications, {content['subscriptions']} subscriptions.")
        self.stdout.write(f"{content['unrouted']} messages without a receiver.")
        as_table(self.stdout, content["open"])
        self.stdout.write(f"{content['unsealed']} journal entries not sealed yet, {_age(content['unsealed_since'])}.")
        last = content["reconciled"]
        self.stdout.write(
            f"Last reconciliation: {last['day']}, {last['differences']} differences." if last else "Never reconciled."
        )
        if not content["jobs_known"]:
            self.stdout.write("No scheduled job has run yet: is a worker running?")
        if content["late_jobs"]:
            self.stdout.write(f"LATE: {', '.join(content['late_jobs'])} (etoile hub jobs).")
        for cause in content["alarms"]:
            self.stdout.write(f"ALARM: {cause} (etoile hub alarms).")


def _status() -> dict[str, Any]:
    with connection.cursor() as cursor:
        snapshot = directory.current(cursor)
        stats = engine.stats(cursor)
        unsealed, since = seals.waiting(cursor)
    report = reconciliation.latest()
    return {
        "applications": len(snapshot.applications),
        "subscriptions": len(snapshot.subscriptions),
        "unrouted": Message.objects.filter(state=MessageState.UNROUTED).count(),
        "open": [_line(each, snapshot) for each in stats],
        "unsealed": unsealed,
        "unsealed_since": since,
        "alarms": [alarm.cause for alarm in alarms.opened()],
        "jobs_known": Job.objects.exists(),
        "late_jobs": [job.name for job in duties.late(datetime.now(UTC))],
        "reconciled": {"day": report.day, "differences": report.differences} if report else None,
    }


def _line(each: SubscriptionStats, snapshot: Snapshot) -> dict[str, Any]:
    view = snapshot.subscriptions.get(each.subscription_id)
    return {
        "subscription": view.slug if view else f"#{each.subscription_id}",
        "active": ("yes" if view.active else "no") if view else "-",
        **{state: each.by_state.get(state, 0) for state in SHOWN},
        "oldest": each.oldest,
    }


def _age(since: datetime | None) -> str:
    return f"the oldest for {(datetime.now(UTC) - since).total_seconds():.0f} s" if since else "nothing waits"
