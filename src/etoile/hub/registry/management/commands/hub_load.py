import getpass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from etoile.hub.registry.services import load
from etoile.hub.registry.star import StarError


class Command(BaseCommand):
    help = "Load a star file: authorities, applications, subscriptions. All of it, or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            loaded = load(file, actor=f"{getpass.getuser()} (command line)")
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}") from error
        except StarError as error:
            problems = "\n".join(f"  - {problem}" for problem in error.problems)
            raise CommandError(f"{file} is not right; nothing was loaded:\n{problems}") from error
        self.stdout.write(f"{loaded.created} created, {loaded.changed} changed, {loaded.unchanged} as they were.")
