from typing import Any

from django.core.management.base import BaseCommand

from etoile.gru.forms.file_schema import written_schema


class Command(BaseCommand):
    help = "Write the JSON Schema of a procedure's YAML file."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(written_schema(), ending="")
