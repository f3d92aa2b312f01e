import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from etoile.hub.journal import seals
from etoile.hub.journal.management.said import leave


class Command(BaseCommand):
    help = "Seal the entries written so far. The workers do it by themselves every few seconds."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--wait", type=float, default=30.0, help="seconds to wait for transactions to end")

    def handle(self, *args: Any, wait: float, **options: Any) -> None:
        give_up = time.monotonic() + wait
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(max(number), 0) FROM journal_entry")
            (wanted,) = cursor.fetchone()
            while (last := seals.last(cursor)) is None or last.to_number < wanted:
                if not wanted:
                    break
                if time.monotonic() > give_up:
                    self.stderr.write("Some transactions have been running for too long: not everything is sealed.")
                    leave()
                if seals.seal(connection) is None:
                    time.sleep(0.05)
        self.stdout.write(f"Seal {last.id}: {last.hash.hex()}" if last else "There is nothing to seal.")
