"""What the scanner says of a document, kept on its row; nobody opens what it has not said clean, where there is one."""

from datetime import timedelta

import structlog
from django.db import connection
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.documents import antivirus
from etoile.gru.documents.antivirus import LONG_PATIENCE, PATIENCE, Verdict
from etoile.gru.documents.models import Document, State
from etoile.gru.documents.places import place_of

log = structlog.get_logger("etoile.documents")

WAITING = (State.UNCHECKED, State.UNAVAILABLE)
# How many one round of the worker looks at, and after how long it comes back to one it could not have scanned.
ROUND = 200
AGAIN_AFTER = timedelta(minutes=10)


class NotOpenable(Exception):
    """Why this document is not given, in words for whoever opens it. `later` when trying again may succeed."""

    def __init__(self, words: str, *, later: bool) -> None:
        super().__init__(words)
        self.later = later


def check_before_opening(document: Document) -> None:
    """Raises `NotOpenable`. Asks the scanner when it has not judged this document yet; no transaction may be open."""
    if antivirus.is_configured() and document.state in WAITING:
        examine(document, patience=PATIENCE)
    if document.state == State.INFECTED:
        raise NotOpenable(_("L’antivirus a trouvé un virus dans ce fichier : il ne s’ouvre pas."), later=False)
    if antivirus.is_configured() and document.state != State.CLEAN:
        raise NotOpenable(
            _("L’antivirus n’a pas encore pu vérifier ce fichier. Réessayez dans quelques minutes."), later=True
        )


def examine(document: Document, *, patience: float = LONG_PATIENCE) -> None:
    """Ask the scanner, then write what it says. A kill in between: the document is asked about again."""
    release_connection()
    try:
        with place_of(document.id).open("rb") as content:
            verdict = antivirus.scan(content, patience=patience)
    except FileNotFoundError:
        return
    record(document, verdict)
    # Not `save`: the person may have taken the file away meanwhile.
    found = {"state": document.state, "threat": document.threat, "checked_at": document.checked_at}
    Document.objects.filter(pk=document.pk).update(**found)
    if document.state == State.INFECTED:
        log.warning("document_infected", reason=document.threat)


def record(document: Document, verdict: Verdict) -> None:
    """On the object only; the caller writes the row."""
    document.state, document.threat = State(verdict.word), verdict.threat
    document.checked_at = None if verdict.word == State.UNCHECKED else timezone.now()


def examine_waiting() -> int:
    """One round over what waits for the scanner, those never asked about first; stops at once when it is away. How many
    were judged.
    """
    if not antivirus.is_configured():
        return 0
    stale = timezone.now() - AGAIN_AFTER
    waiting = Document.objects.filter(state__in=WAITING).exclude(checked_at__gt=stale)
    judged = 0
    for document in list(waiting.order_by(F("checked_at").asc(nulls_first=True), "created_at")[:ROUND]):
        examine(document)
        judged += document.state in (State.CLEAN, State.INFECTED)
        if document.state == State.UNAVAILABLE and not _answers():
            break
    return judged


def release_connection() -> None:
    """No connection is held while the scanner works. A caller in a transaction of its own keeps its own."""
    if not connection.in_atomic_block:
        connection.close()


def _answers() -> bool:
    try:
        return bool(antivirus.look())
    except OSError:
        return False
