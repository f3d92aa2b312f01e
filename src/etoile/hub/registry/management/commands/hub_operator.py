from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError

from etoile.hub.registry.services import create_operator
from etoile.runtime.passwords import PasswordError, asked

VARIABLE = "HUB_OPERATOR_PASSWORD"


class Command(BaseCommand):
    help = f"Create an operator of the console. The password: --password-file, else {VARIABLE}, else asked."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="")
        parser.add_argument("--password-file", type=Path)

    def handle(self, *args: Any, email: str, name: str, password_file: Path | None, **options: Any) -> None:
        try:
            create_operator(email, asked(password_file, VARIABLE), name=name)
        except PasswordError as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except IntegrityError as error:
            raise CommandError(f"there is already an operator {email}") from error
        self.stdout.write(f"The operator {email} may sign in at the console.")
