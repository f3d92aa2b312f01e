from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from etoile.gru.forms.town import TownError, load_town
from etoile.runtime import assets


class Command(BaseCommand):
    help = "Load a town: authority, sectors, teams, agents, procedures. All of it, or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            loaded = load_town(file)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}") from error
        except TownError as error:
            problems = "\n".join(f"  - {problem}" for problem in error.problems)
            raise CommandError(f"{file} is not right; nothing was loaded:\n{problems}") from error
        assets.collect()
        self.stdout.write(
            f"{loaded.authority}: {loaded.teams} teams, {loaded.agents} agents, {loaded.procedures} procedures."
        )
