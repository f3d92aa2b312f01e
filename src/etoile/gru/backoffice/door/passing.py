"""The sign-in of an agent in two steps. A session opens in one place, `enter`, once both have been proved: whoever has
a session has proved them, and no page has to ask again."""

import time
from dataclasses import asdict, dataclass, replace

from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest

from etoile.gru.access import factors, sessions
from etoile.gru.access.models import Account
from etoile.gru.access.services import number_of
from etoile.gru.audit.services import note

KEY = "half_signed_in"
TOLD = "told_by"
# From the password to the code, the time to install an application included.
SECONDS = 15 * 60
BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True, slots=True)
class Told:
    """What stood for the password: the platform `by`, and its id_token, sealed. The logout there wants it."""

    by: str
    token: str


@dataclass(frozen=True, slots=True)
class Half:
    """Someone whose password is right. `proved`: there is no second factor yet, or it has just been proved.

    `secret`: the one proposed to the telephone, sealed. `mark`: what the password and the telephone were, so that
    another of either ends this: who was let through because there was none does not replace one installed since.
    `by` and `told`: as in `Told`, when there was no password."""

    account: int
    at: float
    mark: str
    next: str = ""
    proved: bool = False
    secret: str = ""
    by: str = ""
    told: str = ""


def begin(
    request: HttpRequest, account: Account, following: str, *, proved: bool = False, told: Told | None = None
) -> Half:
    """After the right password, or what stands for it. The session changes its key: one that was planted before is
    worth nothing."""
    if not request.user.is_authenticated:
        request.session.flush()
    half = begun(account, following, proved=proved or not factors.is_enrolled(account))
    if told is not None:
        half = replace(half, by=told.by, told=told.token)
    _keep(request, half)
    return half


def begun(account: Account, following: str, *, proved: bool) -> Half:
    return Half(account.pk, time.time(), _mark(account), following, proved)


def current(request: HttpRequest) -> tuple[Half, Account] | None:
    """Who is between the two steps; None when nobody is, when it was too long ago, or when the account has changed."""
    raw = request.session.get(KEY)
    if not isinstance(raw, dict):
        return None
    half = Half(**raw)
    account = Account.objects.filter(pk=half.account, is_active=True).select_related("authority").first()
    if account is None or time.time() - half.at > SECONDS or _mark(account) != half.mark:
        del request.session[KEY]
        return None
    return half, account


def propose(request: HttpRequest, half: Half, secret: str) -> None:
    _keep(request, replace(half, secret=secret))


@transaction.atomic
def install(request: HttpRequest, account: Account, secret: str, code: str) -> list[str] | None:
    """The telephone becomes the second factor, the other sessions end and this one opens: all of it, or nothing.

    Returns what `factors.enrol` does."""
    codes = factors.enrol(account, secret, code)
    if codes is not None:
        sessions.end(account, by=account, kept=request.session.session_key or "")
        enter(request, account)
    return codes


def enter(request: HttpRequest, account: Account, *, second: str = "") -> None:
    """Open the session; it leaves a line in the audit log. `second`: what proved it, when it was no code."""
    with transaction.atomic():
        half = request.session.pop(KEY, None) or {}
        by = half.get("by", "")
        login(request, account, backend=BACKEND)
        sessions.describe(request)
        if by:
            request.session[TOLD] = asdict(Told(by, half["told"]))
        detail = ({"by": by} if by else {}) | ({"second": second} if second else {})
        note("agent.signed_in", authority=number_of(account), by=account, subject=account.email, detail=detail)


def told(request: HttpRequest) -> Told | None:
    """By what the owner of this session came, when it was no password."""
    kept = request.session.get(TOLD)
    return Told(**kept) if isinstance(kept, dict) else None


def _mark(account: Account) -> str:
    since = factors.since(account)
    return f"{account.get_session_auth_hash()} {since.isoformat() if since else ''}"


def _keep(request: HttpRequest, half: Half) -> None:
    request.session[KEY] = asdict(half)
