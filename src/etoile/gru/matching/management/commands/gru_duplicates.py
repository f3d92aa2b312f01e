from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from etoile.gru.access.management.named import authority_named, takes_authority, told_by
from etoile.gru.matching import examining, keeping
from etoile.gru.matching.rules import RulesError


class Command(BaseCommand):
    help = (
        "Rules by which two persons are suspected to be one: those of a file, the usual ones; everybody compared again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["rules", "usual", "again", "now"])
        parser.add_argument("file", type=Path, nargs="?", help="with `rules`: YAML, as gru/matching/rules.yaml")
        takes_authority(parser)

    def handle(self, *args: Any, verb: str, file: Path | None, authority: str, **options: Any) -> None:
        town = authority_named(authority)
        if (verb == "rules") != (file is not None):
            raise CommandError("name a file after `rules`, and nothing after the others")
        if verb == "now":
            self.stdout.write(f"{examining.examine_all()} persons compared with the others")
            return
        if file is not None:
            with told_by(file, RulesError, refused="is not right; nothing was changed") as rules:
                keeping.keep(town, rules)
        elif verb == "usual":
            keeping.give_back(town)
        else:
            keeping.everybody(town)
        self.stdout.write(
            f"{town}: everybody is being compared again; the worker takes 2000 persons each five minutes."
        )
