from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from etoile.gru.access.management.named import authority_named, takes_authority
from etoile.gru.cases import queries


class Command(BaseCommand):
    help = "Check that the history of every case is whole: no row changed, slipped in or missing. Changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        takes_authority(parser)

    def handle(self, *args: Any, authority: str, **options: Any) -> None:
        total, broken = 0, 0
        for checked, references in queries.broken_chains(authority_named(authority)):
            total = checked
            broken += len(references)
            for reference in references:
                self.stdout.write(f"{reference}: its history is not as it was written")
        if broken:
            raise CommandError(f"{broken} of {total} cases have a history that is not whole.")
        self.stdout.write(f"{total} cases, each with its history whole.")
