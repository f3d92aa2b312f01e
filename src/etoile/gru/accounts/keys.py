"""The passkeys of a person's account: each opens it alone, beside its passphrase or its platform, never in their place.

So that a lost key locks nobody out, a key is never the only way in.
"""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from etoile.gru.access import refusals
from etoile.gru.access.models import Authority
from etoile.gru.accounts import journal, letters, sessions
from etoile.gru.accounts.models import PersonAccount, PersonSession
from etoile.gru.audit.pace import is_worth_a_line
from etoile.gru.audit.services import note
from etoile.gru.passkeys import ceremony, services
from etoile.gru.passkeys.ceremony import Place, Refused
from etoile.gru.passkeys.models import Passkey
from etoile.gru.throttles.services import Limit, allowed

KIND = "person"
# As long as the oldest question may wait for its answer.
ONCE = Limit(count=1, seconds=3600)


def of(account: PersonAccount, place: Place) -> list[Passkey]:
    """Those that answer here, the first one first. One statement."""
    return services.of(_holder(account), place)


def to_add(account: PersonAccount, place: Place, asked: str) -> str:
    return services.to_add(_holder(account), place, asked)


def add(account: PersonAccount, place: Place, asked: str, answer: str, name: str) -> None:
    """Another key, for who has just proved who they are; an e-mail says so. Raises `Refused`."""
    _once(asked)
    with transaction.atomic():
        services.add(_holder(account), place, asked, answer, name)
        letters.tell(account, "account_key_added")
        journal.note_of(account, "space.key_added")


@transaction.atomic
def remove(session: PersonSession, number: int) -> str:
    """It opens nothing any more, and the other sessions end: it may have opened them. Returns its name, nothing if it
    is none of theirs."""
    name = services.remove(_holder(session.account), number)
    if name:
        sessions.end(session.account, kept=session)
        letters.tell(session.account, "account_key_removed")
        journal.note_of(session.account, "space.key_removed")
    return name


def opened_by(authority: Authority, place: Place, asked: str, answer: str) -> PersonAccount:
    """The account of the key that answered. Raises `Refused`, which is a line of the audit log."""
    try:
        _once(asked)
        with transaction.atomic():
            key = services.check_alone(KIND, place, asked, answer)
            known = PersonAccount.objects.select_related("authority")
            account = known.filter(pk=uuid.UUID(key.holder), authority=authority, joined_to=None).first()
            if account is None:
                raise Refused("a space that opens nothing here")
        return account
    except Refused as refused:
        if is_worth_a_line(f"space.key_refused:{authority.pk}"):
            detail = {"why": str(refused)[:200]}
            note("space.key_refused", authority=authority.pk, by=refusals.SOMEBODY, subject="", detail=detail)
        raise


def claimed(answer: str) -> str:
    """The key that says that it answers, proved or not; empty when nothing can be read."""
    try:
        return ceremony.credential_of(answer)[0].hex()
    except Refused:
        return ""


def forget(account: PersonAccount) -> int:
    """All of them, wherever they answer."""
    return services.forget(_holder(account))


def _once(asked: str) -> None:
    """A question is answered once: the keys that are copied between devices do not count their answers."""
    if not asked:
        raise Refused("nothing was asked")
    if not allowed("key-asked", asked, ONCE):
        raise Refused("answered already")


def _holder(account: PersonAccount) -> services.Holder:
    return services.Holder(KIND, str(account.pk), account.email or _("Mon espace"), account.authority.name, alone=True)
