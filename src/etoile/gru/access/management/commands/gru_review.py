import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from etoile.gru.access import review
from etoile.gru.access.models import Authority


class Command(BaseCommand):
    help = "Who may come in, as CSV on the standard output: accounts, roles, teams, last sign-in, second factor."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--authority", default="", help="SIRET; not needed when there is only one authority")

    def handle(self, *args: Any, authority: str, **options: Any) -> None:
        found = list(Authority.objects.filter(siret=authority) if authority else Authority.objects.all()[:2])
        if len(found) != 1:
            raise CommandError("name the authority by its SIRET: --authority")
        sys.stdout.write(review.as_csv(found[0], by=None))
