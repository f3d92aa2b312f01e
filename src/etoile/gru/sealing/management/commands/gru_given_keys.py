from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from etoile.runtime.diagnosis import DOUBTFUL


class Command(BaseCommand):
    help = "Whether a change of the key that seals is under way. No row is read: `gru_keys status` does."

    def handle(self, *args: Any, **options: Any) -> None:
        number = len(settings.ENCRYPTION_KEYS)
        if number > 1:
            self.stdout.write(
                f"{DOUBTFUL}GRU_ENCRYPTION_KEY gives {number} keys: a change is under way. `etoile gru keys rotate`"
                " ends it, and says when those after the first may be removed."
            )
        else:
            self.stdout.write("One key seals (GRU_ENCRYPTION_KEY).")
        if settings.IDENTIFIER_KEY in settings.ENCRYPTION_KEYS:
            self.stdout.write(
                "GRU_IDENTIFIER_KEY still has the value of a key that seals: right for an installation that served"
                " before there were two, and until that key is changed."
            )
