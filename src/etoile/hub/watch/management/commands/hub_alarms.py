from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from etoile.hub.journal.management.said import as_json, leave
from etoile.hub.watch import alarms, words
from etoile.hub.watch.models import Alarm


class Command(BaseCommand):
    help = "The alarms that are open: what happened, what waits, what to do. Status 1 when there is one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, json: bool, **options: Any) -> None:
        opened = alarms.opened()
        with translation.override("en"):
            if json:
                as_json(self.stdout, [_content(alarm) for alarm in opened])
            else:
                self._say(opened)
        if opened:
            leave()

    def _say(self, opened: list[Alarm]) -> None:
        for alarm in opened:
            said = words.of(alarm)
            self.stdout.write(
                f"- {said.what}\n  Since {alarm.opened_at:%Y-%m-%d %H:%M} UTC. {said.todo}\n  {said.link}"
            )
        if not opened:
            self.stdout.write("No alarm.")


def _content(alarm: Alarm) -> dict[str, Any]:
    said = words.of(alarm)
    names = ("id", "kind", "cause", "count", "detail", "first_seen_at", "opened_at", "seen_at", "gone_at", "told_at")
    return {name: getattr(alarm, name) for name in names} | {"words": said.what, "todo": said.todo, "link": said.link}
