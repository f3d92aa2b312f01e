from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from etoile.gru.access.management.named import authority_named, takes_authority
from etoile.gru.access.models import Authority
from etoile.gru.audit import services as audit
from etoile.gru.rights import breach


class Command(BaseCommand):
    help = "Whom a breach of data concerns, between two moments: counted, then listed. Written in the audit log."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("resource", choices=breach.Resource.values)
        parser.add_argument("name", nargs="?", default="", help="a procedure, the number of an agent, an application")
        parser.add_argument("--since", required=True, help="as 2026-11-28 or 2026-11-28T09:00+01:00")
        parser.add_argument("--until", required=True, help="the end, not included")
        parser.add_argument("--why", required=True, help="kept in the audit log")
        parser.add_argument("--list", dest="file", default="", help="write a CSV there, one row a request")
        takes_authority(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        authority = authority_named(options["authority"])
        resource = breach.Resource(options["resource"])
        if resource not in breach.UNNAMED and not options["name"]:
            raise CommandError(f"{resource} wants a name")
        asked = breach.Asked(
            resource,
            self._moment(options["since"], authority),
            self._moment(options["until"], authority),
            options["name"],
        )
        found = breach.concerned(authority, asked)
        counted = breach.count(found)
        detail = {
            "resource": str(resource),
            "name": asked.name,
            "since": asked.since.isoformat(),
            "until": asked.until.isoformat(),
            "cases": counted.cases,
            "why": options["why"],
        }
        action = "rights.breach_list" if options["file"] else "rights.breach"
        audit.note(action, authority=authority.pk, by=None, detail=detail)
        self.stdout.write(
            f"{counted.cases} requests, {counted.reachable} e-mail addresses, {counted.by_letter} by letter"
        )
        if options["file"]:
            with Path(options["file"]).open("w", encoding="utf-8", newline="") as out:
                breach.write(out, found, authority.zone)

    def _moment(self, text: str, authority: Authority) -> datetime:
        try:
            at = datetime.fromisoformat(text)
        except ValueError as error:
            raise CommandError(f"{text} is not a date: write 2026-11-28 or 2026-11-28T09:00+01:00") from error
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=authority.zone)
