"""What a page knows of the session that opened it: until when it lasts if nobody is there (WCAG 2.2.1, RGAA 13.1).

A page of who is signed in carries a `Watch` (`access/_watch.html`): its script (`access/session.js`) warns before the
end, asks how long is left, prolongs, and leaves when it is over. Of agents and of persons, who have each two addresses:
one that answers `told`, one that a page whose session is over sends what was typed to.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from etoile.gru.access import unsent

# How long before the end it is said; of a short session, no more than its third, and never less than two minutes.
LONGEST_LEAD, SHORTEST_LEAD = timedelta(minutes=5), timedelta(minutes=2)
SALT = "etoile.gru.access.watching"
WHOSE, WHERE, FILES = "watch-whose", "watch-where", "watch-files"


@dataclass(frozen=True, slots=True)
class Watch:
    """`left`: until the end, were nothing more asked. `may_last`: somebody there makes it last. `told` and `over`: the
    two addresses. `whose`: the account and its session, signed; it opens nothing."""

    left: timedelta
    lead: timedelta
    may_last: bool
    whose: str
    told: str
    over: str
    is_person: bool = False

    @property
    def seconds(self) -> int:
        return max(0, int(self.left.total_seconds()))

    @property
    def until(self) -> datetime:
        return timezone.localtime(timezone.now() + self.left)

    @property
    def lead_seconds(self) -> int:
        return int(self.lead.total_seconds())


def lead(idle: timedelta) -> timedelta:
    return min(LONGEST_LEAD, max(SHORTEST_LEAD, idle / 3))


def signed(holder: str, number: str) -> str:
    """`holder`: as in `unsent`; `number`: of the session, as pages name it."""
    return signing.dumps([holder, number], salt=SALT)


def read(text: str) -> tuple[str, str] | None:
    """The inverse of `signed`; None for what this server did not sign."""
    try:
        holder, number = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return str(holder), str(number)


def told(request: HttpRequest, watch: Watch | None) -> JsonResponse:
    """Seconds left to the session of this browser, whether it may last, and the token of forms; no second when it is
    over, or when it is no more that of the account whose page asks."""
    given = request.headers.get("X-Whose", "")
    asked = read(given)
    here = read(watch.whose) if watch is not None else None
    same = watch is not None and here is not None and (not given or (asked is not None and asked[0] == here[0]))
    said: dict[str, Any] = {"left": watch.seconds, "lasts": watch.may_last} if watch and same else {"left": 0}
    # Another sign-in changes it: the one of the page may be old.
    return JsonResponse(said | {"token": get_token(request)})


def page_left(request: HttpRequest) -> str:
    """The address of the page whose session is over: of this site, else none."""
    given = request.POST.get(WHERE, "")
    return given if given.startswith("/") and url_has_allowed_host_and_scheme(given, allowed_hosts=None) else ""


def typed(request: HttpRequest, holder: str, *, never: tuple[str, ...]) -> bool:
    """Keep what was being typed in the page that is left."""
    where = page_left(request)
    if not where or where.startswith(never):
        return False
    return unsent.keep_typed(request, where, holder, without=(WHOSE, WHERE, FILES), had_files=FILES in request.POST)
