from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from etoile.gru.forms.exchange import to_yaml
from etoile.gru.forms.models import ProcedureVersion, VersionState


class Command(BaseCommand):
    help = "Write a procedure as one YAML file: what is in service, or its draft with --draft."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("siret")
        parser.add_argument("slug")
        parser.add_argument("--draft", action="store_true")

    def handle(self, *args: Any, siret: str, slug: str, draft: bool, **options: Any) -> None:
        versions = ProcedureVersion.objects.filter(procedure__authority__siret=siret, procedure__slug=slug)
        wanted = {"state": VersionState.DRAFT} if draft else {"current_of__isnull": False}
        version = versions.filter(**wanted).first()
        if version is None:
            raise CommandError(f"there is no procedure {slug} {'in draft' if draft else 'in service'} for {siret}")
        self.stdout.write(to_yaml(version.source), ending="")
