from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from etoile.gru.access.models import Authority
from etoile.gru.forms import services
from etoile.gru.forms.definition import DefinitionError
from etoile.gru.forms.exchange import from_yaml
from etoile.gru.forms.publication import advice
from etoile.gru.forms.services import NotPublishable


class Command(BaseCommand):
    help = "Load one procedure (YAML) as a draft of the authority of a SIRET, and publish it with --publish."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("siret")
        parser.add_argument("file", type=Path)
        parser.add_argument("--publish", action="store_true")

    def handle(self, *args: Any, siret: str, file: Path, publish: bool, **options: Any) -> None:
        authority = Authority.objects.filter(siret=siret).first()
        if authority is None:
            raise CommandError(f"there is no authority {siret}")
        try:
            version = services.load(authority, from_yaml(file.read_text(encoding="utf-8")))
            version = services.publish(version) if publish else version
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file} cannot be read: {getattr(error, 'strerror', error)}") from error
        except DefinitionError as error:
            raise CommandError(
                "\n".join([f"{file} is not right:", *(f"  - {each}" for each in error.problems)])
            ) from error
        except NotPublishable as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{version.procedure.slug}, version {version.number}: {version.get_state_display()}.")
        for each in advice(version.definition):
            self.stdout.write(f"  - {each}")
