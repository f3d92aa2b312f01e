"""How an agent comes in, one line for each state."""

from dataclasses import asdict

from django.conf import settings

from etoile.gru.access.models import Account
from etoile.gru.access.sessions import SessionStore
from etoile.gru.backoffice.door.passing import KEY, begun
from tests.browser.harness.pages import Entry, NoPage

CODE, PHONE = "agents/connexion/code/", "agents/connexion/telephone/"
PAGES = [
    Entry(CODE, who="coming"),
    Entry(CODE, "errors", who="coming", submit="", fill={"code": ""}, status=422),
    Entry(PHONE, who="installing"),
    Entry(PHONE, "errors", who="installing", submit="", fill={"code": "12"}, status=422),
    Entry("agents/securite/", who="agent"),
    Entry("agents/securite/", "errors", who="agent", submit="/securite/", fill={"code": ""}, status=422),
]
NO_PAGE = [NoPage("agents/securite/sessions/", "post", who="agent")]


def between(account: Account, *, proved: bool) -> dict[str, str]:
    """The cookie of somebody whose password was right."""
    store = SessionStore()
    store[KEY] = asdict(begun(account, "/agents/", proved=proved))
    store.create()
    return {settings.SESSION_COOKIE_NAME: store.session_key or ""}
