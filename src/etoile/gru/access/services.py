"""The only writer of authorities, teams and accounts."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from etoile.design.theme import problems_of
from etoile.gru.access.models import Account, Authority, Membership, Role, Sector, Team

AUTHORITY_FIELDS = (
    "slug", "name", "host", "timezone", "insee", "address", "postal_code", "city", "email", "phone", "website",
    "opening_hours", "publication_director", "hosting", "data_protection_officer", "theme",
)  # fmt: skip
# Roles by team; under None, those held in the whole authority.
Held = Mapping[Team | None, Iterable[Role]]
TEAM_FIELDS = ("name", "address", "email", "phone", "opening_hours")


class Refused(Exception):
    """What was given cannot be kept; `problems` says all of it, in French."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


def create_agent(
    authority: Authority,
    email: str,
    *,
    password: str,
    roles: Held | None = None,
    given_name: str = "",
    family_name: str = "",
    capacity: str = "",
) -> Account:
    """An agent who signs in by e-mail and password. Raises `Refused` (password too weak, e-mail taken or wrong, a team
    of another authority). `roles` is as in `place`.
    """
    account = Account(
        authority=authority,
        email=Account.objects.normalise(email),
        given_name=given_name,
        family_name=family_name,
        capacity=capacity,
    )
    problems = _problems_of(account)
    try:
        validate_password(password, account)
    except ValidationError as error:
        problems += [f"mot de passe : {message}" for message in error.messages]
    problems += _foreign(authority, roles or {})
    if problems:
        raise Refused(problems)
    account.set_password(password)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
            place(account, roles or {})
    except IntegrityError as error:
        raise Refused([f"un compte existe déjà pour {account.email}"]) from error
    return account


def set_password(account: Account, password: str) -> None:
    """Another password; the sessions opened with the one before end. Raises `Refused` when it is too weak."""
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Refused(error.messages) from None
    account.set_password(password)
    account.save(update_fields=["password"])


@transaction.atomic
def place(account: Account, roles: Held) -> None:
    """The roles of an account become exactly these: by team, under None those held in the whole authority.

    Raises `Refused` for a team of another authority."""
    problems = _foreign(account.authority, roles)
    if problems:
        raise Refused(problems)
    wanted = {(team.pk if team else None, role) for team, held in roles.items() for role in held}
    rows = Membership.objects.filter(account=account).values_list("pk", "team_id", "role")
    known = {(team, role): pk for pk, team, role in rows}
    Membership.objects.filter(pk__in=[pk for key, pk in known.items() if key not in wanted]).delete()
    missing = [Membership(account=account, team_id=team, role=role) for team, role in wanted - set(known)]
    Membership.objects.bulk_create(missing, ignore_conflicts=True)


def _foreign(authority: Authority | None, roles: Held) -> list[str]:
    if any(team is not None and team.authority != authority for team in roles):
        return ["un agent ne peut appartenir qu'aux services de sa collectivité"]
    return []


def keep_authority(siret: str, values: Mapping[str, Any]) -> Authority:
    """Create or update the authority of this SIRET. Raises `Refused`."""
    authority = Authority.objects.filter(siret=siret).first() or Authority(siret=siret)
    for name in set(AUTHORITY_FIELDS) & set(values):
        setattr(authority, name, values[name])
    if isinstance(authority.theme, Mapping) and (problems := problems_of(authority.theme)):
        raise Refused(f"theme : {problem}" for problem in problems)
    return _kept(authority)


def keep_sector(authority: Authority, slug: str, name: str) -> Sector:
    sector = Sector.objects.filter(authority=authority, slug=slug).first() or Sector(authority=authority, slug=slug)
    sector.name = name
    return _kept(sector)


def keep_team(authority: Authority, sector: Sector, slug: str, values: Mapping[str, Any]) -> Team:
    """Raises `Refused`, also when address, e-mail or phone is missing: the law prints them on each receipt."""
    team = Team.objects.filter(authority=authority, slug=slug).first() or Team(authority=authority, slug=slug)
    team.sector = sector
    for name in set(TEAM_FIELDS) & set(values):
        setattr(team, name, values[name])
    return _kept(team)


Row = TypeVar("Row", Authority, Sector, Team)


def _kept(row: Row) -> Row:
    problems = _problems_of(row)
    if problems:
        raise Refused(problems)
    row.save()
    return row


def _problems_of(row: Authority | Sector | Team | Account) -> list[str]:
    try:
        row.full_clean(exclude=["password"])
    except ValidationError as error:
        return [f"{name} : {message}" for name, messages in error.message_dict.items() for message in messages]
    return []
