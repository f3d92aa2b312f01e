"""The sessions of persons: a random key in a cookie of their own, its digest in a table of their own.

There is no session before the sign-in, so none can be planted, and each sign-in makes another key. An agent's cookie
opens nothing here, and the other way round.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.utils import timezone
from django.utils.crypto import salted_hmac

from etoile.gru.accounts.models import PersonAccount, PersonSession

# Twenty hours are the least that need no warning (RGAA 13.1). The cookie ends with the browser anyway.
LIFE = timedelta(hours=20)
# What the person asked for on a computer that others use.
IDLE_WHEN_SHARED = timedelta(minutes=15)
# How precisely the last visit is known.
_NOTED = timedelta(minutes=1)
_LONGEST_BROWSER = 300
_KNOWN = "_person_session"


class Overtaken(Exception):
    """While somebody came in, the account took another passphrase, was joined to another, or was closed."""


@dataclass(frozen=True, slots=True)
class Opened:
    """One that is open, as its owner recognises it."""

    number: str
    opened_at: datetime
    seen_at: datetime
    browser: str
    shared: bool
    platform: str


def open_session(
    request: HttpRequest,
    response: HttpResponse,
    account: PersonAccount,
    *,
    shared: bool = False,
    platform: str = "",
    level: str = "",
    id_token: bytes | None = None,
) -> PersonSession:
    """Sign this browser in; the session it had ends. Two statements, or three.

    Raises `Overtaken`: what was proved was so of the account as it was read. Its row is held until the session is
    there, so that whoever ends the sessions of an account they are changing ends this one too."""
    end_current(request)
    key, now = secrets.token_urlsafe(32), timezone.now()
    with transaction.atomic():
        as_read = PersonAccount.objects.filter(pk=account.pk, passphrase=account.passphrase, joined_to=None)
        if not as_read.update(signed_in_at=now):
            raise Overtaken
        session = PersonSession.objects.create(
            account=account,
            digest=_digest(key),
            opened_at=now,
            seen_at=now,
            ends_at=now + LIFE,
            browser=request.headers.get("User-Agent", "")[:_LONGEST_BROWSER],
            shared=shared,
            platform=platform,
            level=level,
            id_token=id_token,
        )
    rotate_token(request)
    response.set_cookie(
        settings.PERSON_COOKIE_NAME,
        key,
        path="/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    _remember(request, session)
    return session


def current(request: HttpRequest) -> PersonSession | None:
    """The session of this browser, with its account; None when it has none here. No statement without the cookie, one
    with it, two when a minute has passed."""
    if not hasattr(request, _KNOWN):
        _remember(request, _found(request))
    known: PersonSession | None = getattr(request, _KNOWN)
    return known


def account_of(request: HttpRequest) -> PersonAccount | None:
    session = current(request)
    return session.account if session is not None else None


def ended(request: HttpRequest) -> PersonSession | None:
    """The session that the cookie opened, when time alone has ended it: its row stays until the night. Of one that
    somebody closed nothing is known."""
    session = _of_cookie(request)
    return session if session is not None and not _is_open(session) else None


def of_number(holder_name: str, number_given: str) -> PersonSession | None:
    """The session that pages call so, of who they call so, if its row is still there: one that was closed has none."""
    kind, _slash, key = holder_name.partition("/")
    rows = PersonSession.objects.filter(account_id=key).select_related("account") if kind == "person" else ()
    return next((each for each in rows if number(each) == number_given), None)


def peek(request: HttpRequest) -> PersonSession | None:
    """As `current`, without noting that somebody is there."""
    session = _of_cookie(request)
    return session if session is not None and _is_open(session) else None


def left(session: PersonSession) -> tuple[timedelta, bool]:
    """How long it still lasts if nobody asks for a page, and whether somebody who does makes it last."""
    last = session.ends_at
    alone = session.seen_at + IDLE_WHEN_SHARED if session.shared else last
    return min(alone, last) - timezone.now(), last - alone >= _NOTED


def holder(account: PersonAccount) -> str:
    """How `access.unsent` names the account."""
    return f"person/{account.pk}"


def end_current(request: HttpRequest) -> None:
    session = current(request)
    if session is not None:
        session.delete()
        _remember(request, None)


def forget_cookie(response: HttpResponse) -> None:
    response.delete_cookie(settings.PERSON_COOKIE_NAME, path="/", samesite="Lax")


def end(account: PersonAccount, *, kept: PersonSession | None = None, only: str = "") -> int:
    """End the sessions of an account, but for `kept`; or the one numbered `only`, alone. Returns how many were."""
    rows = PersonSession.objects.filter(account=account).exclude(pk=kept.pk if kept is not None else None)
    chosen = [each.pk for each in rows if not only or number(each) == only]
    return PersonSession.objects.filter(pk__in=chosen).delete()[0]


def of_account(account: PersonAccount) -> list[Opened]:
    """Those that are open, the last one first. One statement."""
    rows = PersonSession.objects.filter(account=account, ends_at__gt=timezone.now()).order_by("-opened_at")
    return [
        Opened(number(each), each.opened_at, each.seen_at, each.browser, each.shared, each.platform)
        for each in rows
        if not _left_alone(each)
    ]


def number(session: PersonSession) -> str:
    """What a page calls a session."""
    return salted_hmac("etoile.gru.accounts.sessions", bytes(session.digest), algorithm="sha256").hexdigest()[:16]


def forget() -> int:
    """Remove those that ended by themselves."""
    now = timezone.now()
    alone = Q(shared=True, seen_at__lt=now - IDLE_WHEN_SHARED)
    return PersonSession.objects.filter(Q(ends_at__lt=now) | alone).delete()[0]


def _of_cookie(request: HttpRequest) -> PersonSession | None:
    """The row, whether it still opens or not."""
    key, authority = request.COOKIES.get(settings.PERSON_COOKIE_NAME, ""), getattr(request, "authority", None)
    if not key or authority is None:
        return None
    rows = PersonSession.objects.select_related("account__authority")
    return rows.filter(digest=_digest(key), account__authority=authority).first()


def _found(request: HttpRequest) -> PersonSession | None:
    session, now = _of_cookie(request), timezone.now()
    if session is None or not _is_open(session):
        return None
    if now - session.seen_at > _NOTED:
        session.seen_at = now
        session.save(update_fields=["seen_at"])
    return session


def _is_open(session: PersonSession) -> bool:
    return session.ends_at > timezone.now() and not _left_alone(session)


def _left_alone(session: PersonSession) -> bool:
    return session.shared and timezone.now() - session.seen_at > IDLE_WHEN_SHARED


def _remember(request: HttpRequest, session: PersonSession | None) -> None:
    setattr(request, _KNOWN, session)


def _digest(key: str) -> bytes:
    """The key is random: no salt and no slow hash are needed."""
    return hashlib.sha256(key.encode()).digest()
