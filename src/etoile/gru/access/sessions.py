"""The store of sessions (`SESSION_ENGINE`), and what is done with those of agents: list them, end them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.dateparse import parse_datetime

from etoile.gru.access.models import Account, OpenSession
from etoile.gru.access.services import number_of
from etoile.gru.audit.services import Actor, note

OPENED = "opened"
LONGEST_BROWSER = 300
# How late the end of a session may be written.
STEP = timedelta(minutes=1)


class SessionStore(DatabaseStore):
    """Django's, where each row says whose it is."""

    # Until when the row opens the session, as it was read.
    ends_at: datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[OpenSession]:
        return OpenSession

    def create_model_instance(self, data: Mapping[str, Any]) -> OpenSession:
        row = cast(OpenSession, super().create_model_instance(data))
        owner = str(data.get(SESSION_KEY, ""))
        row.account_id = int(owner) if owner.isdecimal() else None
        if row.account_id is not None:
            row.expire_date = self.ends_at = _end_of(data)
        return row

    def _get_session_from_db(self) -> OpenSession | None:
        row = cast("OpenSession | None", super()._get_session_from_db())
        self.ends_at = row.expire_date if row is not None else None
        return row


@dataclass(frozen=True, slots=True)
class Session:
    """One that is open. `browser` is what the browser says of itself; `opened_at` is None when it was not told."""

    number: str
    opened_at: datetime | None
    browser: str
    ends_at: datetime


def stretch(session: SessionStore) -> None:
    """Somebody is there: the session lasts `SESSION_IDLE` from now, never past `SESSION_COOKIE_AGE` from its beginning.

    One statement, a minute at most."""
    later = _end_of(session)
    if session.ends_at is None or later - session.ends_at < STEP:
        return
    OpenSession.objects.filter(session_key=session.session_key).update(expire_date=later)
    session.ends_at = later


def longest_idle() -> timedelta:
    idle: timedelta = settings.SESSION_IDLE
    return idle


def left(session: SessionStore) -> tuple[timedelta, bool] | None:
    """How long this session still lasts if nobody asks for a page, and whether somebody who does makes it last; None
    when it is nobody's. Changes nothing."""
    if not session.get(SESSION_KEY) or session.ends_at is None:
        return None
    return session.ends_at - timezone.now(), _latest(session) - session.ends_at >= STEP


def _end_of(data: Mapping[str, Any] | SessionStore) -> datetime:
    """By the time since it was opened, or since somebody was there last: the first to come."""
    return min(timezone.now() + settings.SESSION_IDLE, _latest(data))


def _latest(data: Mapping[str, Any] | SessionStore) -> datetime:
    """The end of the working day, whoever is there."""
    told = data.get(OPENED)
    opened = parse_datetime(str(told.get("at", ""))) if isinstance(told, Mapping) else None
    return (opened or timezone.now()) + timedelta(seconds=settings.SESSION_COOKIE_AGE)


def describe(request: HttpRequest) -> None:
    """Write in the session what will let its owner recognise it: when, and with what browser."""
    browser = request.headers.get("User-Agent", "")[:LONGEST_BROWSER]
    request.session[OPENED] = {"at": timezone.now().isoformat(), "browser": browser}


def of_account(account: Account) -> list[Session]:
    """The open sessions, the last one first. One statement."""
    rows = OpenSession.objects.filter(account_id=account.pk, expire_date__gt=timezone.now())
    found = [_read(each) for each in rows]
    return sorted(found, key=lambda each: each.opened_at or each.ends_at, reverse=True)


@transaction.atomic
def end(account: Account, *, by: Actor | None, kept: str = "", only: str = "") -> int:
    """End the sessions of an account, but for the one whose key is `kept`; or the one numbered `only`, alone.

    They open nothing from their next page on. Returns how many were."""
    rows = OpenSession.objects.filter(account_id=account.pk).exclude(session_key=kept)
    keys = [each.session_key for each in rows if not only or number(each.session_key) == only]
    ended, _rows = OpenSession.objects.filter(session_key__in=keys).delete()
    if ended:
        detail = {"sessions": ended}
        note("agent.sessions_ended", authority=number_of(account), by=by, subject=account.email, detail=detail)
    return ended


def owner_of_number(holder_name: str, number_given: str) -> Account | None:
    """Whose session this was, by what pages call both, if its row is still there: of one that was closed, nobody's."""
    kind, _slash, pk = holder_name.partition("/")
    if kind != "agent" or not pk.isdecimal():
        return None
    keys = OpenSession.objects.filter(account_id=int(pk)).values_list("session_key", flat=True)
    if number_given not in map(number, keys):
        return None
    return Account.objects.filter(pk=int(pk), is_active=True).first()


def owner_of(key: str) -> Account | None:
    """Whose session this key was, if its row is still there: one that time has ended stays until the night."""
    owners = OpenSession.objects.filter(session_key=key).values("account_id")
    return Account.objects.filter(pk__in=owners).select_related("authority").first()


def holder(account: Account) -> str:
    """How `unsent` names the account."""
    return f"agent/{account.pk}"


def number(key: str | None) -> str:
    """What a page calls a session: its key opens it, and is never shown."""
    return salted_hmac("etoile.gru.access.sessions", key or "", algorithm="sha256").hexdigest()[:16]


def _read(row: OpenSession) -> Session:
    told = SessionStore().decode(row.session_data).get(OPENED)
    told = told if isinstance(told, Mapping) else {}
    at = parse_datetime(str(told.get("at", "")))
    return Session(number(row.session_key), at, str(told.get("browser", "")), row.expire_date)
