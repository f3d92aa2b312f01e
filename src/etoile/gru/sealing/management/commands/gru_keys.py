from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from etoile.gru.sealing import rotating
from etoile.gru.sealing.rotating import Tally
from etoile.runtime.secrets import make

NEXT = "Put it first in GRU_ENCRYPTION_KEY (new,old), restart the GRU and its worker, then: etoile gru keys rotate"


class Command(BaseCommand):
    help = "The key that seals what the database must not tell: a new one, what is under which, all under the first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["new", "status", "rotate"])

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        if verb == "new":
            self.stdout.write(make("key"))
            self.stderr.write(NEXT)
        elif verb == "status":
            self._status()
        else:
            self._rotate()

    def _status(self) -> None:
        found = list(rotating.status())
        width = max(len(each.holds) for each in found)
        self.stdout.write(f"{'':{width}}  first key  other keys  no key")
        for each in found:
            self.stdout.write(f"{each.holds:{width}}  {each.first:9}  {each.other:10}  {each.lost:6}")
        self._conclude(found)

    def _rotate(self) -> None:
        done = rotating.reseal(self._progress)
        for each in done:
            self.stdout.write(f"{each.holds}: {each.other} sealed again, {each.first} already were")
        self._conclude(list(rotating.status()))

    def _progress(self, tally: Tally) -> None:
        self.stderr.write(f"\r{tally.holds}: {tally.first + tally.other} rows", ending="")

    def _conclude(self, found: list[Tally]) -> None:
        """Whether the keys before may go. Raises `CommandError` when something opens with no key."""
        lost, other = sum(each.lost for each in found), sum(each.other for each in found)
        if lost:
            raise CommandError(
                f"{lost} rows open with no key of GRU_ENCRYPTION_KEY. They are left as they are: give the key that is"
                " missing after the others, from a backup of the secrets, and run this again."
            )
        if other:
            self.stdout.write(f"{other} rows are under another key: run `etoile gru keys rotate` (again).")
        elif len(settings.ENCRYPTION_KEYS) > 1:
            self.stdout.write(
                "Everything kept is under the first key. The others may be removed in twelve hours, when the agents'"
                " sessions of before have ended; links that fill in a form, made under them, then open no more."
            )
        else:
            self.stdout.write("Everything kept is under the only key.")
