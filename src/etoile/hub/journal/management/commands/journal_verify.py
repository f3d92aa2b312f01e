from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from etoile.hub.journal.management.said import as_json, leave
from etoile.hub.journal.verification import Verdict, verify


class Command(BaseCommand):
    help = "Prove that nothing sealed in the journal was changed, or name the first thing that was."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--known", default="", help="the hash of a seal noted earlier, which must still be there")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, known: str, json: bool, **options: Any) -> None:
        verdict = verify(connection, known=known)
        if json:
            broken = asdict(verdict.broken) | {"words": str(verdict.broken)} if verdict.broken else None
            as_json(self.stdout, asdict(verdict) | {"broken": broken})
        else:
            self._say(verdict)
        if not verdict.ok:
            leave()

    def _say(self, verdict: Verdict) -> None:
        if verdict.broken:
            self.stdout.write(f"BROKEN: {verdict.broken}.")
            self.stdout.write(f"{verdict.entries} entries under {verdict.seals} seals before it are as they were.")
            return
        self.stdout.write(f"{verdict.entries} entries under {verdict.seals} seals are as they were sealed.")
        if verdict.dropped:
            self.stdout.write(f"{verdict.dropped} more went with their month, by the retention.")
        if verdict.waiting:
            self.stdout.write(f"{verdict.waiting} are not sealed yet.")
        if verdict.last:
            self.stdout.write(f"Note this somewhere else, for --known: {verdict.last}")
