from typing import Any

from django.core.management.base import BaseCommand, CommandError

from etoile.gru.documents import antivirus
from etoile.gru.documents.models import Document, State
from etoile.gru.documents.scanning import WAITING
from etoile.runtime.diagnosis import DOUBTFUL


class Command(BaseCommand):
    help = "Whether files are checked by an antivirus, and how many wait for it. Fails if it does not answer."

    def handle(self, *args: Any, **options: Any) -> None:
        if not antivirus.is_configured():
            self.stdout.write(f"{DOUBTFUL}No antivirus is configured (GRU_ANTIVIRUS_URL): files are opened unchecked.")
            return
        try:
            version = antivirus.look()
        except OSError as problem:
            raise CommandError(
                f"The antivirus does not answer ({type(problem).__name__}). Files are taken, and nobody can open them"
                " before it does. Start clamd, or mend GRU_ANTIVIRUS_URL."
            ) from problem
        waiting = Document.objects.filter(state__in=WAITING).count()
        infected = Document.objects.filter(state=State.INFECTED).count()
        self.stdout.write(f"The antivirus answers ({version}); {waiting} files wait for it, {infected} were refused.")
