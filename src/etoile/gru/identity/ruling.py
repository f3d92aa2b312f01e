"""Which agent somebody is, whom the directory of their authority has named, and what its groups give them here. With
`leaving`, the only writer of `DirectoryLink`."""

from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account, Authority, Role, Team
from etoile.gru.access.rights import WHOLE_ONLY
from etoile.gru.access.services import Refused, create_agent, number_of, place, rename
from etoile.gru.audit.services import note
from etoile.gru.identity.agents import Unmatched
from etoile.gru.identity.directories import WHOLE, Directory
from etoile.gru.identity.flow import Identity
from etoile.gru.identity.journal import refuse
from etoile.gru.identity.models import DirectoryLink

LONGEST_NAME = 100
_BY = {"by": "annuaire"}


def check(directory: Directory | None) -> None:
    """Raises `ImproperlyConfigured` for a line whose role does not exist, or is held by no team."""
    for line in directory.lines if directory else ():
        if line.role not in Role.values:
            raise ImproperlyConfigured(f"GRU_DIRECTORY_ROLES: no role “{line.role}”; one of {', '.join(Role.values)}.")
        if line.role in WHOLE_ONLY and line.team != WHOLE:
            raise ImproperlyConfigured(f"GRU_DIRECTORY_ROLES: {line.role} is held in the whole authority: team: '*'.")


def unknown_teams(directory: Directory) -> list[str]:
    """Slugs of its lines that name no team of its authority."""
    named = {line.team for line in directory.lines} - {WHOLE}
    known = Team.objects.filter(authority__siret=directory.siret, slug__in=named).values_list("slug", flat=True)
    return sorted(named - set(known))


def agent_of(directory: Directory, identity: Identity, authority: Authority) -> Account:
    """The active account of this authority for this identity, its names and roles brought up to date when the
    directory rules it; a refusal leaves a line in the audit log. Raises `Unmatched`.

    The account is the one that this identity opened before; the first time, the one that has its e-mail; else one is
    made, for who is in a group that gives something. Somebody whom no group lets in any more has their roles taken
    away, and is refused.
    """
    told = identity.claims.get(directory.email)
    email = Account.objects.normalise(told) if isinstance(told, str) else ""
    try:
        if not email or "@" not in email or identity.claims.get("email_verified") is False:
            raise Unmatched("claims", email)
        groups = _groups(directory, identity)
        if groups is None:
            raise Unmatched("groups", email)
        account = _linked(directory, identity, authority, email, groups)
        if rules(account):
            _bring(account, directory, identity, groups)
            if not account.memberships.exists():
                raise Unmatched("nothing", email)
        return account
    except Unmatched as unmatched:
        refuse(directory.platform, authority, unmatched.why, subject=unmatched.email)
        raise


def rules(account: Account) -> bool:
    """Whether names and roles of this account are the directory's business: it made it, and is still in use."""
    link = link_of(account)
    authority = account.authority
    found = settings.IDENTITY.directory_of(authority.siret) if authority and link and link.is_made else None
    return found is not None and bool(found.lines)


def may_open(account: Account) -> None:
    """Raises `Refused`: what the directory in use has closed, it alone opens again."""
    link, authority = link_of(account), account.authority
    if link is not None and link.cut_at and authority and settings.IDENTITY.directory_of(authority.siret) is not None:
        raise Refused([_("L’annuaire de la collectivité a fermé cet accès : c’est lui qui le rouvre.")])


def link_of(account: Account) -> DirectoryLink | None:
    return DirectoryLink.objects.filter(account=account).first()


@transaction.atomic
def unlink(account: Account, *, by: Account | None) -> bool:
    """The next identity of the directory with the e-mail of this account opens it. False when none had."""
    removed = DirectoryLink.objects.filter(account=account).exclude(subject="").update(subject="")
    if removed:
        note("identity.unlinked", authority=number_of(account), by=by, subject=account.email, detail=_BY)
    return bool(removed)


def _groups(directory: Directory, identity: Identity) -> set[str] | None:
    """Those told; None when there are too many for the token to tell (Entra ID), which is not the same as none."""
    told = identity.claims.get(directory.groups)
    elsewhere = identity.claims.get("_claim_names")
    if told is None and isinstance(elsewhere, dict) and directory.groups in elsewhere:
        return None
    listed = [told] if isinstance(told, str) else told
    return {each for each in listed if isinstance(each, str)} if isinstance(listed, list) else set()


def _linked(
    directory: Directory, identity: Identity, authority: Authority, email: str, groups: Iterable[str]
) -> Account:
    accounts = Account.objects.filter(authority=authority).select_related("authority")
    account = accounts.filter(directory__subject=identity.subject).first()
    if account is None:
        account = Account.objects.of_email(email).filter(authority=authority).select_related("authority").first()
    if account is None:
        account = _made(directory, identity, authority, email, groups)
    if not account.is_active:
        raise Unmatched("closed", email)
    with transaction.atomic():
        link, _is_new = DirectoryLink.objects.select_for_update().get_or_create(
            account=account, defaults={"authority": authority}
        )
        if link.subject not in ("", identity.subject):
            raise Unmatched("other", email)
        if not link.subject:
            link.subject = identity.subject
            link.save(update_fields=["subject"])
            note("identity.linked", authority=authority.pk, by=account, subject=account.email, detail=_BY)
    return account


def _made(directory: Directory, identity: Identity, authority: Authority, email: str, groups: Iterable[str]) -> Account:
    if not directory.roles_of(groups):
        raise Unmatched("unknown", email)
    try:
        with transaction.atomic():
            account = create_agent(authority, email, password=None, by=directory.platform, **_names(identity))
            DirectoryLink.objects.create(account=account, authority=authority, is_made=True)
    except (Refused, IntegrityError) as error:  # an account of another authority, or an e-mail that is none
        raise Unmatched("unknown", email) from error
    return account


@transaction.atomic
def _bring(account: Account, directory: Directory, identity: Identity, groups: Iterable[str]) -> None:
    """Names and roles become those told. A team that is not there gives nothing: `etoile doctor` names it."""
    rename(account, _names(identity), by=directory.platform)
    held = directory.roles_of(groups)
    teams = {team.slug: team for team in Team.objects.filter(authority=account.authority_id, slug__in=held)}
    roles: dict[Team | None, list[Role]] = {
        None if slug == WHOLE else teams[slug]: [Role(role) for role in sorted(given)]
        for slug, given in held.items()
        if slug == WHOLE or slug in teams
    }
    place(account, roles, by=directory.platform)


def _names(identity: Identity) -> dict[str, str]:
    told = {name: identity.claims.get(name) for name in ("given_name", "family_name")}
    return {name: value.strip()[:LONGEST_NAME] for name, value in told.items() if isinstance(value, str)}
