import getpass
import json as jsonlib
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from etoile.hub.journal.management.said import as_json, as_table, leave
from etoile.hub.lookups import services, standings, written
from etoile.hub.lookups.questions import Answer
from etoile.hub.registry import directory
from etoile.hub.registry.directory import LookupView, Snapshot
from etoile.sdk import LookupResult


class Command(BaseCommand):
    help = "Ask a lookup as who operates the hub (status 1 unless found), or list those there are."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?")
        parser.add_argument("values", nargs="*", metavar="NAME=VALUE")
        parser.add_argument("--reason")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, name: str | None, values: list[str], reason: str | None, json: bool, **_: Any) -> None:
        with connection.cursor() as cursor:
            snapshot = directory.current(cursor)
        if name is None:
            (as_json if json else as_table)(self.stdout, _lines(snapshot))
            return
        view = snapshot.lookups.get(name)
        if view is None:
            raise CommandError(f"There is no lookup {name}; there are: {', '.join(snapshot.lookups) or 'none'}.")
        if not (reason or "").strip():
            raise CommandError("A reason in words is needed: --reason.")
        query = _query(view, values)
        actor = f"{getpass.getuser()} (command line)"
        answer = services.ask(services.trial(view, query, actor=actor, reason=str(reason)), snapshot.version)
        self._say(answer, json=json)
        if answer.result is not LookupResult.FOUND:
            leave()

    def _say(self, answer: Answer, *, json: bool) -> None:
        if json:
            told = ("result", "data", "provider", "at", "freshness", "code", "message", "instead")
            as_json(self.stdout, {name: getattr(answer, name) for name in told})
            return
        if answer.result is LookupResult.FOUND:
            self.stdout.write(jsonlib.dumps(answer.data, ensure_ascii=False, indent=2))
            self.stdout.write(f"{answer.provider}, {answer.freshness}, {answer.at:%Y-%m-%d %H:%M:%S}")
        else:
            self.stdout.write(f"{answer.result}: {answer.message}")
        for each in answer.tries:
            if each.outcome.message:
                self.stdout.write(f"  {each.provider.slug}: {each.outcome.message}")


def _query(view: LookupView, values: Sequence[str]) -> dict[str, Any]:
    pairs = [each.partition("=") for each in values]
    wrong = [name for name, sign, _ in pairs if not sign]
    if wrong:
        raise CommandError(f"NAME=VALUE is expected rather than: {', '.join(wrong)}.")
    query = written.typed(view.query, {name: value for name, _, value in pairs})
    refused = services.violations(view, query)
    if refused:
        lines = "\n".join(f"  - {each.pointer.removeprefix('/query/')}: {each.detail}" for each in refused)
        raise CommandError(f"This is not what {view.name} is asked:\n{lines}")
    return query


def _lines(snapshot: Snapshot) -> list[dict[str, Any]]:
    return [
        {
            "lookup": stand.view.name,
            "providers": ", ".join(f"{each.view.slug} ({each.state})" for each in stand.providers),
            "asked": stand.figures.asked,
            "found": stand.figures.found,
            "unavailable": stand.figures.unavailable,
            "p95 ms": stand.figures.p95_ms,
        }
        for stand in standings.all(snapshot)
    ]
