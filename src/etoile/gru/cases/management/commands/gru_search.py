import uuid
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from etoile.gru.cases.search.keeping import fill


class Command(BaseCommand):
    help = "Make again the words by which cases are found: after an upgrade, or when a search misses what is there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--after", default="", help="go on from this case, as the command last said")

    def handle(self, *args: Any, **options: Any) -> None:
        total = 0
        for number, last in fill(after=_read(options["after"])):
            total += number
            self.stdout.write(f"{total} cases, last {last}")
            self.stdout.flush()
        self.stdout.write(f"Done: {total} cases are found by their words.")


def _read(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError as error:
        raise CommandError(f"« {text} » is not the identifier of a case: give what the command last said.") from error
