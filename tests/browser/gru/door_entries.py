"""How an agent comes in, one line for each state."""

import time
from dataclasses import asdict

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.utils import timezone

from etoile.gru.access import sessions, unsent
from etoile.gru.access.models import Account
from etoile.gru.access.sessions import SessionStore
from etoile.gru.backoffice.door.keys import MAY_ADD
from etoile.gru.backoffice.door.passing import KEY, begun
from etoile.gru.passkeys.models import Passkey
from tests.browser.harness.pages import Entry, NoPage
from tests.gru.conftest import log_in

CODE, PHONE = "agents/connexion/code/", "agents/connexion/telephone/"
PAGES = [
    Entry(CODE, who="coming"),
    Entry(CODE, "errors", who="coming", submit="/connexion/code/", fill={"code": ""}, status=422),
    Entry(PHONE, who="installing"),
    Entry(PHONE, "errors", who="installing", submit="", fill={"code": "12"}, status=422),
    Entry("agents/securite/", who="agent"),
    Entry("agents/securite/cles/", who="adding"),
    Entry("agents/securite/", "errors", who="agent", submit="/securite/", fill={"code": ""}, status=422),
]
PAGES += [
    Entry("agents/reprise/", who="administrator"),
    Entry("agents/reprise/", "something kept", who="agent"),
]
NO_PAGE = [
    NoPage("agents/session/", "machine", who="agent"),
    NoPage("agents/session/fin/", "post", who="agent"),
    NoPage("agents/securite/sessions/", "post", who="agent"),
    NoPage(
        "agents/securite/cles/<int:number>/retrait/", "post", "agents/securite/cles/{passkey}/retrait/", who="agent"
    ),
]


def knocking(account: Account) -> dict[str, dict[str, str]]:
    """By name, the cookies of who is at the door; of the account itself, something was kept."""
    left_unsent(sessions.holder(account), "/agents/reponses/nouvelle/", body="Bonjour, votre dossier est complet.")
    found = {name: between(account, proved=name == "installing") for name in ("coming", "installing")}
    return found | {"adding": adding(account)}


def left_unsent(holder: str, path: str, **typed: str) -> None:
    """What was sent too late, with a file."""
    typed_with_file = {**typed, "file": SimpleUploadedFile("plan.txt", b"plan")}
    unsent.keep(RequestFactory().post(path, typed_with_file), holder, never=())


def between(account: Account, *, proved: bool) -> dict[str, str]:
    """The cookie of somebody whose password was right."""
    store = SessionStore()
    store[KEY] = asdict(begun(account, "/agents/", proved=proved))
    store.create()
    return {settings.SESSION_COOKIE_NAME: store.session_key or ""}


def adding(account: Account) -> dict[str, str]:
    """That of an agent who has just given a code, to add a key."""
    signed = Client()
    log_in(signed, account)
    store = SessionStore(signed.cookies[settings.SESSION_COOKIE_NAME].value)
    store[MAY_ADD] = time.time()
    store.save()
    return {settings.SESSION_COOKIE_NAME: store.session_key or ""}


def key_of(account: Account) -> int:
    """A key that the agent has, of which nobody holds the other half."""
    now = timezone.now()
    mine = {"kind": "agent", "holder": str(account.pk), "host": "localhost", "name": "Clé bleue"}
    return Passkey.objects.create(credential=b"bleue", public_key=b"", created_at=now, used_at=now, **mine).pk
