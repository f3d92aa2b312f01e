import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from etoile.gru.access import review
from etoile.gru.access.management.named import authority_named, takes_authority


class Command(BaseCommand):
    help = "Who may come in, as CSV on the standard output: accounts, roles, teams, last sign-in, second factor."

    def add_arguments(self, parser: CommandParser) -> None:
        takes_authority(parser)

    def handle(self, *args: Any, authority: str, **options: Any) -> None:
        sys.stdout.write(review.as_csv(authority_named(authority), by=None))
