from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError, CommandParser

from etoile.gru.access import statements
from etoile.gru.access.management.named import authority_named
from etoile.gru.access.services import Refused


class Command(BaseCommand):
    help = "Publish the accessibility statements of a file (YAML). All of them, or none."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--authority", default="", help="slug; not needed when there is only one")

    def handle(self, *args: Any, file: Path, authority: str, **options: Any) -> None:
        try:
            raw = yaml.safe_load(file.read_text(encoding="utf-8"))
            published = statements.publish_all(authority_named(authority), raw)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}") from error
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise CommandError(f"{file} is not YAML: {error}") from error
        except Refused as error:
            problems = "\n".join(f"  - {problem}" for problem in error.problems)
            raise CommandError(f"{file} is not complete; nothing was published:\n{problems}") from error
        for declared in published:
            standing = statements.standing_of(declared.authority, declared.product)
            until = f", until {standing.expires_on}" if standing.expires_on else ""
            self.stdout.write(f"{declared.get_product_display()}: {standing.words}{until}.")
