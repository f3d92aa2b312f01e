"""What an agent was sending when the session ended: kept sealed for their account, and given back once they are in.

Nobody loses what they typed because they were called away, with a script or without: the form sent too late is the one
that is kept. Files are not, and the page says so; nor is what is typed to prove who one is.
"""

import json
import time
from dataclasses import asdict, dataclass

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from etoile.gru.access import factors
from etoile.gru.access.models import Account

KEY = "unsent"
LARGEST = 100_000
SECONDS = 3600
NEVER = ("/agents/connexion/", "/agents/mot-de-passe/", "/agents/securite/", "/agents/deconnexion/")
TOKEN = "csrfmiddlewaretoken"  # noqa: S105
# A text that somebody wrote, rather than a choice or a number of the page.
LEAST_TEXT = 12


@dataclass(frozen=True, slots=True)
class Unsent:
    """`fields`: names and values, in order, the same name as often as it was sent. `at`: seconds since the epoch."""

    path: str
    fields: tuple[tuple[str, str], ...]
    had_files: bool
    at: float

    @property
    def texts(self) -> list[str]:
        return [value for _name, value in self.fields if len(value) >= LEAST_TEXT and " " in value]


def keep(request: HttpRequest, account: Account) -> bool:
    """Put what was sent in the session that begins; False when it is not to be kept."""
    if request.method != "POST" or request.path.startswith(NEVER):
        return False
    fields = tuple((name, value) for name, values in request.POST.lists() if name != TOKEN for value in values)
    text = json.dumps(asdict(Unsent(request.get_full_path(), fields, bool(request.FILES), time.time())))
    if len(text) > LARGEST:
        return False
    request.session[KEY] = factors.sealed(text, account)
    return True


def carried_over(session: SessionBase) -> None:
    """Another session, where what was kept is still there: one that was planted opens nothing of it, being sealed for
    an account."""
    kept = session.get(KEY)
    session.flush()
    if kept:
        session[KEY] = kept


def of(request: HttpRequest) -> Unsent | None:
    """What this agent was sending, within the hour; what is somebody else's is forgotten."""
    kept = request.session.get(KEY)
    if not kept:
        return None
    try:
        found = json.loads(factors.opened(kept, request.user))
    except ValueError:
        forget(request)
        return None
    unsent = Unsent(**{**found, "fields": tuple((name, value) for name, value in found["fields"])})
    return unsent if time.time() - unsent.at < SECONDS else None


def forget(request: HttpRequest) -> None:
    request.session.pop(KEY, None)
