"""The only writer of authorities, teams and accounts."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model

from etoile.design.theme import problems_of
from etoile.gru.access.models import Account, Authority, Membership, Role, Sector, Team
from etoile.gru.access.rights import WHOLE_ONLY
from etoile.gru.audit.services import Actor, differences, note

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
    password: str | None,
    roles: Held | None = None,
    given_name: str = "",
    family_name: str = "",
    capacity: str = "",
    by: Actor | None = None,
) -> Account:
    """An agent who signs in by e-mail and password; without one (None), by the link of an invitation. Raises `Refused`
    (password too weak, e-mail taken or wrong, a team of another authority). `roles` is as in `place`; `by` is who does
    it, None for the command line.
    """
    account = Account(
        authority=authority,
        email=Account.objects.normalise(email),
        given_name=given_name,
        family_name=family_name,
        capacity=capacity,
    )
    problems = problems_of_row(account)
    try:
        if password is not None:
            validate_password(password, account)
    except ValidationError as error:
        problems += [f"mot de passe : {message}" for message in error.messages]
    problems += _misplaced(authority, roles or {})
    if problems:
        raise Refused(problems)
    account.set_password(password)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
            note("agent.created", authority=authority.pk, by=by, subject=account.email)
            place(account, roles or {}, by=by)
    except IntegrityError as error:
        raise Refused([f"un compte existe déjà pour {account.email}"]) from error
    return account


@transaction.atomic
def rename(account: Account, names: Mapping[str, str], *, by: Actor | None) -> None:
    """Names become these; one that is not given stays."""
    before = {name: getattr(account, name) for name in names if getattr(account, name) != names[name]}
    if before:
        for name in before:
            setattr(account, name, names[name])
        account.save(update_fields=list(before))
        changed = {"before": before, "after": {name: names[name] for name in before}}
        note("agent.names", authority=number_of(account), by=by, subject=account.email, detail=changed)


@transaction.atomic
def move(account: Account, email: str, *, by: Actor | None) -> None:
    """Another e-mail, the name by which the account signs in. Raises `Refused` when it is taken, or is none."""
    before, account.email = account.email, Account.objects.normalise(email)
    if account.email == before:
        return
    if problems := problems_of_row(account):
        raise Refused(problems)
    account.save(update_fields=["email"])
    changed = {"before": before, "after": account.email}
    note("agent.email", authority=number_of(account), by=by, subject=account.email, detail=changed)


def set_password(account: Account, password: str) -> None:
    """Another password; the sessions opened with the one before end. Raises `Refused` when it is too weak."""
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Refused(error.messages) from None
    account.set_password(password)
    account.save(update_fields=["password"])


@transaction.atomic
def place(account: Account, roles: Held, *, by: Actor | None = None) -> None:
    """The roles of an account become exactly these: by team, under None those held in the whole authority.

    Raises `Refused` for a team of another authority, and for a role that no team may hold."""
    problems = _misplaced(account.authority, roles)
    if problems:
        raise Refused(problems)
    wanted = {(team.pk if team else None, role) for team, held in roles.items() for role in held}
    rows = Membership.objects.filter(account=account).values_list("pk", "team_id", "role")
    known = {(team, role): pk for pk, team, role in rows}
    if wanted == set(known):
        return
    Membership.objects.filter(pk__in=[pk for key, pk in known.items() if key not in wanted]).delete()
    missing = [Membership(account=account, team_id=team, role=role) for team, role in wanted - set(known)]
    Membership.objects.bulk_create(missing, ignore_conflicts=True)
    slugs = {team.pk: team.slug for team in roles if team} | dict(
        Team.objects.filter(pk__in={team for team, _role in known if team}).values_list("pk", "slug")
    )
    changed = {"before": _written(known, slugs), "after": _written(wanted, slugs)}
    note("agent.roles", authority=number_of(account), by=by, subject=account.email, detail=changed)


def number_of(row: Account | Sector | Team) -> int:
    """The key of its authority, without reading it; zero for the account of none."""
    found: int | None = row.authority_id  # type: ignore[union-attr]
    return found or 0


def _written(held: Iterable[tuple[int | None, str]], slugs: Mapping[int, str]) -> list[str]:
    return sorted(f"{slugs.get(team, '?') if team else '*'}={role}" for team, role in held)


def _misplaced(authority: Authority | None, roles: Held) -> list[str]:
    problems = []
    if any(team is not None and team.authority != authority for team in roles):
        problems.append("un agent ne peut appartenir qu'aux services de sa collectivité")
    wide = {Role(each) for team, held in roles.items() if team for each in held} & WHOLE_ONLY
    return problems + [
        f"le rôle « {role} » se donne dans toute la collectivité, pas dans un service" for role in sorted(wide)
    ]


def keep_authority(siret: str, values: Mapping[str, Any]) -> Authority:
    """Create or update the authority of this SIRET. Raises `Refused`."""
    authority = Authority.objects.filter(siret=siret).first() or Authority(siret=siret)
    for name in set(AUTHORITY_FIELDS) & set(values):
        setattr(authority, name, values[name])
    if isinstance(authority.theme, Mapping) and (problems := problems_of(authority.theme)):
        raise Refused(f"theme : {problem}" for problem in problems)
    return _kept(authority)


def keep_sector(authority: Authority, slug: str, name: str, *, by: Account | None = None) -> Sector:
    sector = Sector.objects.filter(authority=authority, slug=slug).first() or Sector(authority=authority, slug=slug)
    return _changed(sector, {"name": name}, "sector.kept", by)


def keep_team(
    authority: Authority, sector: Sector, slug: str, values: Mapping[str, Any], *, by: Account | None = None
) -> Team:
    """Raises `Refused`, also when address, e-mail or phone is missing: the law prints them on each receipt."""
    team = Team.objects.filter(authority=authority, slug=slug).first() or Team(authority=authority, slug=slug)
    given = {name: values[name] for name in TEAM_FIELDS if name in values}
    return _changed(team, {**given, "sector": sector}, "team.kept", by)


Row = TypeVar("Row", Authority, Sector, Team)


Named = TypeVar("Named", Sector, Team)


@transaction.atomic
def _changed(row: Named, values: Mapping[str, Any], action: str, by: Account | None) -> Named:
    """Keep the row with these values; a line of the audit log when something is other than it was."""
    before = {} if row.pk is None else {name: str(getattr(row, name)) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    _kept(row)
    if told := differences(before, {name: str(value) for name, value in values.items()}):
        note(action, authority=number_of(row), by=by, subject=row.slug, detail=told)
    return row


def _kept(row: Row) -> Row:
    problems = problems_of_row(row)
    if problems:
        raise Refused(problems)
    row.save()
    return row


def problems_of_row(row: Model) -> list[str]:
    """What a row may not be, in sentences: one for each field."""
    try:
        row.full_clean(exclude=["password"])
    except ValidationError as error:
        return [f"{name} : {message}" for name, messages in error.message_dict.items() for message in messages]
    return []
