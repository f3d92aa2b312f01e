from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from etoile.gru.access.management.named import authority_named, takes_authority, told_by
from etoile.gru.content.parsing import ContentError
from etoile.gru.content.services import keep


class Command(BaseCommand):
    help = "Load what the portal of a town says: places and hours, situations, guides, news, alert. All or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        takes_authority(parser)

    def handle(self, *args: Any, file: Path, authority: str, **options: Any) -> None:
        town = authority_named(authority)
        with told_by(file, ContentError, refused="is not right; nothing was changed") as raw:
            kept = keep(town, raw if raw is not None else {})
        content = kept.content
        self.stdout.write(
            f"{town}: {len(content.places)} places, {len(content.life_events)} situations,"
            f" {len(content.guides)} guides, {len(content.news)} news,"
            f" {'an alert' if content.alert else 'no alert'}{'' if kept.changed else ' (nothing new)'}."
        )
