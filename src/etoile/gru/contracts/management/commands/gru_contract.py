from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from etoile.gru.access.management.named import authority_named, takes_authority, told_by
from etoile.gru.access.models import Authority
from etoile.gru.access.services import Refused
from etoile.gru.contracts import reading, services, telling
from etoile.gru.contracts.models import Contract


class Command(BaseCommand):
    help = "What each application may know of people: its service contract (docs/contracts.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=("load", "list", "suspend", "resume", "end", "tell"))
        parser.add_argument("what", nargs="?", default="", help="a file (load), else the number of a contract")
        takes_authority(parser)
        parser.add_argument("--why", default="", help="why it is suspended")
        parser.add_argument("--on", type=date.fromisoformat, help="its last day; today, if not said")

    def handle(self, *args: Any, verb: str, what: str, authority: str, **options: Any) -> None:
        try:
            if verb == "list":
                self._list()
            elif verb == "load":
                self._load(authority_named(authority), Path(what))
            elif verb == "tell":
                self.stdout.write(f"{telling.tell()} changes of people on their way to applications")
            else:
                row = self._one(what)
                if verb == "suspend":
                    services.suspend(row, options["why"], by=None)
                elif verb == "resume":
                    services.resume(row, by=None)
                else:
                    services.end(row, options["on"] or row.authority.today(), by=None)
                self.stdout.write(_line(row))
        except Refused as refused:
            raise CommandError("\n".join(refused.problems)) from refused

    def _list(self) -> None:
        for each in Contract.objects.select_related("authority").order_by("authority", "application", "pk"):
            self.stdout.write(_line(each))

    def _load(self, authority: Authority, file: Path) -> None:
        """All the contracts of the file, or none."""
        with told_by(file, Refused, refused="is not right; nothing was changed") as raw, transaction.atomic():
            listed = raw.get("contracts") if isinstance(raw, dict) else None
            if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
                raise CommandError(f"{file} begins with “contracts:” and a list of them")
            for each in listed:
                self.stdout.write(_line(reading.load(authority, each)))

    def _one(self, number: str) -> Contract:
        found = Contract.objects.select_related("authority").filter(pk=int(number) if number.isdigit() else 0).first()
        if found is None:
            raise CommandError(f"there is no contract “{number}”: see `etoile gru contract list`")
        return found


def _line(row: Contract) -> str:
    until = f" to {row.ends_on}" if row.ends_on else ""
    covers = " ".join([*row.procedures, *(f"sector:{slug}" for slug in row.sectors)])
    state = row.state_on(row.authority.today())
    return f"{row.pk}  {row.application} ({row.way})  {state}  from {row.begins_on}{until}  {covers}"
