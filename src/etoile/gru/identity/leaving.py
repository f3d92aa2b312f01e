"""What the directory says of its agents from outside a sign-in: who has come, who has left. Leaving acts at once; but a
directory that loses its people, or whose secret is stolen, does not empty the town."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from etoile.gru.access import agents
from etoile.gru.access.models import Account, Authority
from etoile.gru.access.services import Refused, create_agent, move, number_of, rename
from etoile.gru.audit.services import note
from etoile.gru.identity.directories import Directory
from etoile.gru.identity.models import DirectoryBrake, DirectoryLink

WITHIN = timedelta(hours=1)
# What may be closed within an hour: a tenth of those who are open, and never less than so many.
FEWEST, TENTH = 5, 10


@dataclass(frozen=True, slots=True)
class Brake:
    """`held`: the directory closes nobody any more until somebody lets it. `is_new`: since this very call."""

    held: bool
    is_new: bool = False


@transaction.atomic
def arrived(directory: Directory, authority: Authority, email: str, names: Mapping[str, str], outside: str) -> Account:
    """An account without a role, that of somebody the directory announces: its groups speak at the sign-in. Raises
    `Refused`: the e-mail is taken or is none, or no group is worth anything here."""
    if not directory.lines:
        raise Refused(["the directory makes no account here: GRU_DIRECTORY_ROLES is empty"])
    account = create_agent(authority, email, password=None, by=directory.platform, **names)
    DirectoryLink.objects.create(account=account, authority=authority, is_made=True, outside=outside)
    return account


@transaction.atomic
def described(directory: Directory, account: Account, names: Mapping[str, str], email: str, outside: str) -> None:
    """Names and e-mail become these where the directory rules them, and are let be elsewhere. Raises `Refused` for an
    e-mail that is taken."""
    link = _link(account)
    if link.outside != outside:
        link.outside = outside
        link.save(update_fields=["outside"])
    if link.is_made and directory.lines:
        rename(account, names, by=directory.platform)
        move(account, email, by=directory.platform)


@transaction.atomic
def left(directory: Directory, account: Account) -> Brake:
    """Close the account and end its sessions, unless too many were closed within the hour: then nothing is, and the
    audit log says so once. The last person who administers leaves as the others do."""
    brake = _brake(number_of(account))
    now = timezone.now()
    if not Account.objects.filter(pk=account.pk, is_active=True).exists():
        return Brake(held=False)
    allowed = brake.allowed_until is not None and brake.allowed_until > now
    if not allowed and (brake.held_at or _closed(account, now - WITHIN) >= most(number_of(account))):
        is_new = brake.held_at is None
        if is_new:
            brake.held_at = now
            brake.save(update_fields=["held_at"])
            note("directory.held", authority=number_of(account), by=directory.platform, subject=account.email)
        return Brake(held=True, is_new=is_new)
    link = _link(account)
    link.cut_at = now
    link.save(update_fields=["cut_at"])
    agents.cut(account, by=directory.platform, even_last=True)
    return Brake(held=False)


@transaction.atomic
def back(directory: Directory, account: Account) -> bool:
    """Open again what the directory had closed. False for what somebody closed here: they decide."""
    link = _link(account)
    if link.cut_at is None:
        return account.is_active
    link.cut_at = None
    link.save(update_fields=["cut_at"])
    agents.restore(account, by=directory.platform)
    return True


def closed_here(account: Account) -> None:
    """Somebody closed it here: what the directory did before no longer lets it open the account again."""
    DirectoryLink.objects.filter(account=account).update(cut_at=None)


@transaction.atomic
def allow(authority: Authority, *, by: Account | None) -> None:
    """Somebody has looked: the directory closes again, without a limit for an hour."""
    brake = _brake(authority.pk)
    brake.held_at, brake.allowed_until = None, timezone.now() + WITHIN
    brake.save(update_fields=["held_at", "allowed_until"])
    note("directory.allowed", authority=authority.pk, by=by)


def held(authority: Authority) -> bool:
    return DirectoryBrake.objects.filter(authority=authority, held_at__isnull=False).exists()


def most(authority: int) -> int:
    """How many accounts may be closed within an hour."""
    return max(FEWEST, Account.objects.filter(authority=authority, is_active=True).count() // TENTH)


def _closed(account: Account, since: object) -> int:
    return DirectoryLink.objects.filter(authority=account.authority_id, cut_at__gt=since).count()


def _brake(authority: int) -> DirectoryBrake:
    """Its row, locked: two closings at the same time count one after the other."""
    DirectoryBrake.objects.get_or_create(authority_id=authority)
    return DirectoryBrake.objects.select_for_update().get(authority_id=authority)


def _link(account: Account) -> DirectoryLink:
    link, _is_new = DirectoryLink.objects.get_or_create(account=account, defaults={"authority_id": number_of(account)})
    return link
