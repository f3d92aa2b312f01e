from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError, CommandParser

from etoile.gru.access.management.named import authority_named
from etoile.gru.content.parsing import ContentError
from etoile.gru.content.services import keep


class Command(BaseCommand):
    help = "Load what the portal of a town says: places and hours, situations, guides, news, alert. All or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--authority", default="", help="slug; not needed when there is only one")

    def handle(self, *args: Any, file: Path, authority: str, **options: Any) -> None:
        town = authority_named(authority)
        try:
            raw = yaml.safe_load(file.read_text(encoding="utf-8"))
            kept = keep(town, raw if raw is not None else {})
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}") from error
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise CommandError(f"{file} is not YAML: {error}") from error
        except ContentError as error:
            problems = "\n".join(f"  - {problem}" for problem in error.problems)
            raise CommandError(f"{file} is not right; nothing was changed:\n{problems}") from error
        content = kept.content
        self.stdout.write(
            f"{town}: {len(content.places)} places, {len(content.life_events)} situations,"
            f" {len(content.guides)} guides, {len(content.news)} news,"
            f" {'an alert' if content.alert else 'no alert'}{'' if kept.changed else ' (nothing new)'}."
        )
