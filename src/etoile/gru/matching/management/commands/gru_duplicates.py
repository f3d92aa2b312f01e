from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError, CommandParser

from etoile.gru.access.management.named import authority_named
from etoile.gru.access.models import Authority
from etoile.gru.matching import examining, keeping
from etoile.gru.matching.rules import RulesError


class Command(BaseCommand):
    help = (
        "Rules by which two persons are suspected to be one: those of a file, the usual ones; everybody compared again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["rules", "usual", "again", "now"])
        parser.add_argument("file", type=Path, nargs="?", help="with `rules`: YAML, as gru/matching/rules.yaml")
        parser.add_argument("--authority", default="", help="slug; not needed when there is only one")

    def handle(self, *args: Any, verb: str, file: Path | None, authority: str, **options: Any) -> None:
        town = authority_named(authority)
        if (verb == "rules") != (file is not None):
            raise CommandError("name a file after `rules`, and nothing after the others")
        if verb == "now":
            self.stdout.write(f"{examining.examine_all()} persons compared with the others")
            return
        if file is not None:
            _load(town, file)
        elif verb == "usual":
            keeping.give_back(town)
        else:
            keeping.everybody(town)
        self.stdout.write(
            f"{town}: everybody is being compared again; the worker takes 2000 persons each five minutes."
        )


def _load(town: Authority, file: Path) -> None:
    try:
        keeping.keep(town, yaml.safe_load(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CommandError(f"{file} is not YAML: {error}") from error
    except RulesError as error:
        problems = "\n".join(f"  - {problem}" for problem in error.problems)
        raise CommandError(f"{file} is not right; nothing was changed:\n{problems}") from error
