from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from etoile.gru.access import agents
from etoile.gru.access.management.named import authority_named, takes_authority
from etoile.gru.access.models import Account, Authority, Role, Team
from etoile.gru.access.services import Held, Refused, create_agent, place
from etoile.runtime.passwords import PasswordError, asked

VARIABLE = "GRU_AGENT_PASSWORD"


class Command(BaseCommand):
    help = (
        f"Create an agent, or give one exactly these roles. The password: --password-file, else {VARIABLE}, else asked."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=("create", "roles", "close", "open", "forget-factor"))
        parser.add_argument("email")
        takes_authority(parser)
        parser.add_argument(
            "--team", action="append", default=[], help="TEAM (instructor) or TEAM=ROLE[,ROLE…]; may be repeated"
        )
        parser.add_argument(
            "--role", action="append", default=[], help="a role in the whole authority; may be repeated"
        )
        parser.add_argument("--given-name", default="")
        parser.add_argument("--family-name", default="")
        parser.add_argument("--capacity", default="", help="as printed on decisions: « officier d'état civil »")
        parser.add_argument("--password-file", type=Path)

    def handle(self, *args: Any, verb: str, email: str, password_file: Path | None, **options: Any) -> None:
        authority = authority_named(options["authority"])
        roles = self._roles(authority, options["team"], options["role"])
        try:
            if verb in ("close", "open"):
                account = self._account(authority, email)
                (agents.cut if verb == "close" else agents.restore)(account, by=None)
                self.stdout.write(f"The agent {email} opens {'nothing any more' if verb == 'close' else 'it again'}.")
                return
            if verb == "forget-factor":
                had = agents.forget_factor(self._account(authority, email), by=None)
                self.stdout.write(
                    f"The agent {email} installs a telephone at the next sign-in{'' if had else ': there was none'}."
                )
                return
            if verb == "roles":
                place(self._account(authority, email), roles)
                self.stdout.write(f"The agent {email} holds exactly these roles.")
                return
            names = {key: options[key] for key in ("given_name", "family_name", "capacity")}
            create_agent(authority, email, password=asked(password_file, VARIABLE), roles=roles, **names)
        except PasswordError as error:
            raise CommandError(str(error)) from error
        except Refused as error:
            raise CommandError("\n".join(error.problems)) from error
        self.stdout.write(f"The agent {email} may sign in at /agents/.")

    def _account(self, authority: Authority, email: str) -> Account:
        found = Account.objects.of_email(email).filter(authority=authority).first()
        if found is None:
            raise CommandError(f"there is no agent {email} in {authority}")
        return found

    def _roles(self, authority: Authority, teams: list[str], whole: list[str]) -> Held:
        held: dict[Team | None, list[Role]] = {None: [self._role(text) for text in whole]}
        for text in teams:
            slug, _equal, given = text.partition("=")
            team = Team.objects.filter(authority=authority, slug=slug).first()
            if team is None:
                known = ", ".join(Team.objects.filter(authority=authority).values_list("slug", flat=True))
                raise CommandError(f"there is no team “{slug}” (known: {known or 'none'})")
            held.setdefault(team, []).extend(self._role(word) for word in (given or Role.INSTRUCTOR).split(","))
        return held

    def _role(self, word: str) -> Role:
        if word not in Role.values:
            raise CommandError(f"there is no role “{word}”: choose among {', '.join(Role.values)}")
        return Role(word)
