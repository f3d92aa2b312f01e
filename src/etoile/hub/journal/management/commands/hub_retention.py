import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from etoile.hub.journal import retention
from etoile.hub.journal.management.said import as_json, leave


class Command(BaseCommand):
    help = "Drop the months older than the retention (HUB_RETENTION_MONTHS): never one with an unfinished delivery."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--months", type=int, help="keep that many whole months, rather than the setting")
        parser.add_argument("--dry-run", action="store_true", help="say what would be dropped, and do nothing")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, months: int | None, dry_run: bool, json: bool, **options: Any) -> None:
        actor = f"{getpass.getuser()} (command line)"
        dropped = [] if dry_run else retention.sweep(connection, keep=months, actor=actor)
        with connection.cursor() as cursor:
            left = [str(each) for each in retention.due(cursor, months)]
        if json:
            as_json(self.stdout, {"dropped": dropped, "due": left})
        else:
            self._say(dropped, left)
        if left and not dry_run:
            leave()

    def _say(self, dropped: list[str], left: list[str]) -> None:
        for month in dropped:
            self.stdout.write(f"{month} dropped.")
        for line in left:
            self.stdout.write(f"due, still here: {line}")
        if not dropped and not left:
            self.stdout.write("Nothing is older than the retention.")
