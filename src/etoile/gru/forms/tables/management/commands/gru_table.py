from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.text import slugify

from etoile.gru.access.management.named import authority_named
from etoile.gru.forms.tables import services
from etoile.gru.forms.tables.reading import TableError


class Command(BaseCommand):
    help = "Import a reference table from a CSV file: all of it, or nothing, with every bad line named."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("authority", help="SIRET or slug")
        parser.add_argument("slug")
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument("--title", default="")
        parser.add_argument("--key", default="", help="column of the key: the first unless told")
        parser.add_argument("--label", default="", help="column that is shown: the second unless told")
        parser.add_argument("--back", action="store_true", help="put the version before back in force")

    def handle(self, *args: Any, authority: str, slug: str, file: Path | None, back: bool, **options: Any) -> None:
        town = authority_named(authority)
        if slugify(slug) != slug:
            raise CommandError(f"{slug}: a table is named by small letters, digits and hyphens")
        try:
            if back:
                version = services.go_back(town, slug)
                self.stdout.write(f"{slug}: version {version.number} is in force again, {version.size} rows.")
                return
            if file is None:
                raise CommandError("name the CSV file, or --back")
            words = {name: options[name] for name in ("title", "key", "label")}
            made = services.import_csv(town, slug, file.read_bytes(), **words)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}") from error
        except TableError as error:
            problems = "\n".join(f"  - {problem}" for problem in error.problems)
            raise CommandError(f"nothing was changed:\n{problems}") from error
        said = "" if made.changed else " (nothing new)"
        columns = ", ".join(made.version.columns)
        self.stdout.write(f"{slug}: version {made.version.number}, {made.version.size} rows, columns {columns}{said}.")
