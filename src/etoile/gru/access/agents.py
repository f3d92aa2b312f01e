"""What an administrator does with the agents' accounts: invite, change, cut at once. Each leaves a line in the audit
log."""

from collections.abc import Mapping

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.utils.encoding import force_str
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext as _

from etoile.gru.access import factors, sessions
from etoile.gru.access.models import Account, Authority, Membership, Role
from etoile.gru.access.services import Held, Refused, create_agent, number_of, place, rename, set_password
from etoile.gru.audit.services import Actor, note

NAMES = ("given_name", "family_name", "capacity")


class InvitationTokens(PasswordResetTokenGenerator):
    """Signed by what they change: one opens once, until `PASSWORD_RESET_TIMEOUT`, and never for another account."""

    key_salt = "etoile.gru.access.invitation"


tokens = InvitationTokens()


def invite(authority: Authority, email: str, names: Mapping[str, str], roles: Held, *, by: Account) -> Account:
    """An account without a password, to be told by the link of `link_parts`. Raises `Refused`."""
    kept = {name: names.get(name, "").strip() for name in NAMES}
    return create_agent(authority, email, password=None, roles=roles, by=by, **kept)


def link_parts(account: Account) -> tuple[str, str]:
    """The two parts of the address where this person chooses a password. A secret: for their own eyes."""
    return urlsafe_base64_encode(str(account.pk).encode()), tokens.make_token(account)


def invited(uid: str, token: str) -> Account | None:
    """The active account this link opens; None when it has served, is too old, or was never given."""
    try:
        identifier = int(force_str(urlsafe_base64_decode(uid)))
    except (ValueError, OverflowError):
        return None
    account = Account.objects.filter(pk=identifier, is_active=True).first()
    return account if account is not None and tokens.check_token(account, token) else None


@transaction.atomic
def accept(account: Account, password: str) -> None:
    """The invited person chooses a password. Raises `Refused` when it is too weak."""
    set_password(account, password)
    note("agent.password_chosen", authority=number_of(account), by=account, subject=account.email)


@transaction.atomic
def change(account: Account, names: Mapping[str, str], roles: Held, *, by: Account) -> None:
    """Names and roles become these. Raises `Refused`: nobody takes away the last role that administers."""
    _alone(account)
    rename(account, {name: names[name].strip() for name in NAMES if name in names}, by=by)
    place(account, roles, by=by)
    _still_administered(account)


@transaction.atomic
def cut(account: Account, *, by: Actor | None, even_last: bool = False) -> None:
    """The account opens nothing any more, from its next page on: Django asks `is_active` at each one. Raises `Refused`:
    nobody closes their own, nor, unless `even_last`, that of the last person who administers."""
    _alone(account)
    if by is not None and account.pk == by.pk:
        raise Refused([_("Vous ne pouvez pas fermer votre propre compte : demandez à une autre personne.")])
    if Account.objects.filter(pk=account.pk, is_active=True).update(is_active=False):
        account.is_active = False
        note("agent.cut", authority=number_of(account), by=by, subject=account.email)
        sessions.end(account, by=by)
    if not even_last:
        _still_administered(account)


@transaction.atomic
def restore(account: Account, *, by: Actor | None) -> None:
    """The account opens again what its roles give."""
    if Account.objects.filter(pk=account.pk, is_active=False).update(is_active=True):
        account.is_active = True
        note("agent.restored", authority=number_of(account), by=by, subject=account.email)


@transaction.atomic
def forget_factor(account: Account, *, by: Account | None) -> bool:
    """The telephone is lost, and the codes on paper too: the next sign-in installs another. The sessions end.

    False when there was no second factor."""
    sessions.end(account, by=by)
    return factors.reset(account, by=by)


def _alone(account: Account) -> None:
    """Two administrators who act on each other at the same time do so one after the other."""
    Authority.objects.select_for_update().only("pk").get(pk=account.authority_id)


def _still_administered(account: Account) -> None:
    held = Membership.objects.filter(account__authority=account.authority_id, account__is_active=True)
    if not held.filter(role=Role.ADMINISTRATOR).exists():
        raise Refused([_("Il ne resterait personne pour administrer. Donnez d’abord ce rôle à quelqu’un d’autre.")])


def is_waiting(account: Account) -> bool:
    """Invited, and no password chosen yet."""
    return not account.has_usable_password()
