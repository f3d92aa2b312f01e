from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from etoile.gru.access.models import Authority, Role, Team
from etoile.gru.access.services import Refused, create_agent
from etoile.runtime.passwords import PasswordError, asked

VARIABLE = "GRU_AGENT_PASSWORD"


class Command(BaseCommand):
    help = f"Create an agent. The password: --password-file, else {VARIABLE}, else asked."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--authority", default="", help="SIRET; not needed when there is only one authority")
        parser.add_argument(
            "--team", action="append", default=[], help="slug of a team, or slug=manager; may be repeated"
        )
        parser.add_argument("--given-name", default="")
        parser.add_argument("--family-name", default="")
        parser.add_argument("--capacity", default="", help="as printed on decisions: « officier d'état civil »")
        parser.add_argument("--password-file", type=Path)

    def handle(self, *args: Any, email: str, password_file: Path | None, **options: Any) -> None:
        authority = self._authority(options["authority"])
        teams = dict(self._team(authority, text) for text in options["team"])
        names = {key: options[key] for key in ("given_name", "family_name", "capacity")}
        try:
            create_agent(authority, email, password=asked(password_file, VARIABLE), teams=teams, **names)
        except PasswordError as error:
            raise CommandError(str(error)) from error
        except Refused as error:
            raise CommandError("\n".join(error.problems)) from error
        self.stdout.write(f"The agent {email} may sign in at /agents/.")

    def _authority(self, siret: str) -> Authority:
        found = list(Authority.objects.filter(siret=siret) if siret else Authority.objects.all()[:2])
        if len(found) != 1:
            raise CommandError("name the authority by its SIRET: --authority")
        return found[0]

    def _team(self, authority: Authority, text: str) -> tuple[Team, Role]:
        slug, _equal, role = text.partition("=")
        team = Team.objects.filter(authority=authority, slug=slug).first()
        if team is None or (role and role not in Role.values):
            raise CommandError(f"there is no team or role “{text}”")
        return team, Role(role or Role.AGENT)
