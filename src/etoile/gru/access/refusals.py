"""What was refused, in the audit log (ASVS 16.3.1, 16.3.2): who knocked at a door that is not theirs, and which.

Anybody may knock: the same refusal again within ten minutes adds no line, and an hour takes so many of a kind
(`audit.pace`).
"""

import structlog
from django.core.cache import cache

from etoile.gru.access.models import Account, Authority
from etoile.gru.access.services import number_of
from etoile.gru.audit.pace import is_worth_a_line
from etoile.gru.audit.services import Actor, note

SAME = 600
log = structlog.get_logger(__name__)


class _Somebody:
    """Whoever is not signed in: no account is theirs, and nothing else is kept of them."""

    pk = None

    def __str__(self) -> str:
        return "Non connecté"


SOMEBODY = _Somebody()


def of_page(account: Account, route: str, status: int) -> None:
    """An agent asked for a page that is not for them, or not there. `route`: as the URL table writes it, without what
    was asked for."""
    if _is_new(f"{account.pk}:{route}"):
        _note("refused.page", number_of(account), account, route, status=status)


def of_key(authority: Authority | None, what: str) -> None:
    """Somebody gave what opens nothing here: a tracking key, or a reference with an e-mail that is not its own."""
    number = authority.pk if authority is not None else 0
    if _is_new(f"key:{number}:{what}"):
        _note("refused.key", number, SOMEBODY, what)


def of_sign_in(authority: Authority | None, account: Account | None) -> None:
    """A password that is not the right one. As long for an unknown e-mail, of which nothing is written: people write
    their password in its place."""
    number = number_of(account) if account is not None else authority.pk if authority is not None else 0
    _note("agent.sign_in_refused", number, SOMEBODY, account.email if account is not None else "")


def of_session(account: Account | None, authority: Authority | None) -> None:
    """The cookie of a session that has ended: by time, by its owner, by an administrator."""
    number = number_of(account) if account is not None else authority.pk if authority is not None else 0
    subject = account.email if account is not None else ""
    if _is_new(f"session:{number}:{subject}"):
        _note("refused.session", number, SOMEBODY, subject)


def _note(action: str, authority: int, by: Actor, subject: str, **detail: int) -> None:
    log.warning(action, authority=authority, route=subject if action == "refused.page" else None)
    if is_worth_a_line(f"{action}:{authority}"):
        note(action, authority=authority, by=by, subject=subject, detail=detail)


def _is_new(what: str) -> bool:
    return bool(cache.add(f"refused:{what}", 1, SAME))
