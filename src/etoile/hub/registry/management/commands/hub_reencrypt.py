from typing import Any

from django.core.management.base import BaseCommand

from etoile.hub.registry.services import reencrypt


class Command(BaseCommand):
    help = "Write every secret again with the first key of HUB_ENCRYPTION_KEY."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{reencrypt()} rows written with the first key.")
