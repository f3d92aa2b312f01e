from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from etoile.gru.access import statements
from etoile.gru.access.management.named import authority_named, takes_authority, told_by
from etoile.gru.access.services import Refused


class Command(BaseCommand):
    help = "Publish the accessibility statements of a file (YAML). All of them, or none."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        takes_authority(parser)

    def handle(self, *args: Any, file: Path, authority: str, **options: Any) -> None:
        with told_by(file, Refused, refused="is not complete; nothing was published") as raw:
            published = statements.publish_all(authority_named(authority), raw)
        for declared in published:
            standing = statements.standing_of(declared.authority, declared.product)
            until = f", until {standing.expires_on}" if standing.expires_on else ""
            self.stdout.write(f"{declared.get_product_display()}: {standing.words}{until}.")
