import getpass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError

from etoile.hub.registry import operators
from etoile.hub.registry.changes import By
from etoile.hub.registry.models import Operator, Role
from etoile.runtime.passwords import PasswordError, asked

VARIABLE = "HUB_OPERATOR_PASSWORD"


class Command(BaseCommand):
    help = f"Operators of the console. The password: --password-file, else {VARIABLE}, else asked."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=("create", "role", "close"))
        parser.add_argument("email")
        parser.add_argument("--name", default="")
        parser.add_argument("--role", choices=Role.values, default=Role.READER.value)
        parser.add_argument("--reason", default="")
        parser.add_argument("--password-file", type=Path)

    def handle(self, *args: Any, verb: str, email: str, role: str, reason: str, **options: Any) -> None:
        by = By(f"{getpass.getuser()} (command line)", reason or ("Compte créé" if verb == "create" else ""))
        try:
            if verb == "create":
                password = asked(options["password_file"], VARIABLE)
                made = operators.create(email, password, name=options["name"], role=role, by=by)
                self.stdout.write(f"The operator {made.email} may sign in at the console, as {made.role}.")
            elif verb == "role":
                changed = operators.give_role(email, role, by=by)
                self.stdout.write(f"{changed.email} is {changed.role} from now on.")
            else:
                closed = operators.close(email, by=by)
                self.stdout.write(f"{closed.email} comes in no more.")
        except PasswordError as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except IntegrityError as error:
            raise CommandError(f"there is already an operator {email}") from error
        except Operator.DoesNotExist as error:
            raise CommandError(f"there is no operator {email}") from error
        except operators.LastAdministratorError as error:
            raise CommandError(f"{email} is the only administrator: make another one first") from error
