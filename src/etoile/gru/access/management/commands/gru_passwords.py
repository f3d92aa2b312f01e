from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from etoile.gru.access import breached


class Command(BaseCommand):
    help = "Whether the file of leaked passwords can be read, if there is one."

    def handle(self, *args: Any, **options: Any) -> None:
        file = settings.BREACHED_PASSWORDS
        if not file:
            self.stdout.write("No file of leaked passwords (GRU_BREACHED_PASSWORDS): common ones alone are refused.")
            return
        try:
            breached.listed(Path(file), "")
        except breached.UnreadableList as problem:
            raise CommandError(f"{problem}. Mend the file, or GRU_BREACHED_PASSWORDS.") from problem
        self.stdout.write("The file of leaked passwords can be read.")
