from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from etoile.hub.journal.partitions import ensure


class Command(BaseCommand):
    help = "Make the monthly partitions of this month and the next ones."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--months-ahead", type=int, default=2)

    def handle(self, *args: Any, months_ahead: int, **options: Any) -> None:
        with connection.cursor() as cursor:
            self.stdout.write(f"{ensure(cursor, months_ahead)} partitions made.")
