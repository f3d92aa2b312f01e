"""Taking in what the hub delivers: each event once, with its effect, in one transaction; nothing is ever dropped."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.db import connection, transaction
from django.utils import timezone

from etoile.contract.envelope import Event
from etoile.contract.problem import Violation
from etoile.contract.schemas import violations
from etoile.gru.cases import apart, queries
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.events import DECIDED, DOCUMENT_ADDED, MESSAGE_POSTED, STATUS_CHANGED
from etoile.gru.inbox.fetching import NOTHING, Fetched, offered
from etoile.gru.inbox.handlers import HANDLERS, Effect
from etoile.gru.inbox.models import IncomingEvent, State

log = structlog.get_logger(__name__)
# What treats a case: it waits for the end of a freeze. Not a document, whose address does not last, nor what became of
# a delivery or of a payment: those are kept, which a freeze allows (RGPD, article 18.2).
TREATING = frozenset({STATUS_CHANGED, DECIDED, MESSAGE_POSTED})


class Invalid(ValueError):
    """The data does not follow the schema of its type: nothing is stored, the sender is told what is wrong."""

    def __init__(self, found: list[Violation]) -> None:
        super().__init__("; ".join(f"{each.pointer}: {each.detail}" for each in found))
        self.violations = found


class OtherContent(ValueError):
    """The same (source, id) came before with another content."""


class NotInQuarantine(LookupError):
    """The event does not wait for a decision, or no longer."""


def receive(event: Event) -> str:
    """Record an event and apply its effect. Returns its state, or `duplicate` (already here: nothing was done).

    Raises `Invalid`, `OtherContent` and `NotNow` (a document that cannot be read yet); nothing is stored then.
    """
    known = event.type in HANDLERS
    found = violations(event) if known else []
    if found:
        raise Invalid(found)
    with _document(event) as document, transaction.atomic():
        row = IncomingEvent(
            source=event.source,
            event_id=event.id,
            type=event.type,
            subject=event.subject,
            authority=event.authority,
            digest=event.digest(),
            body=event.to_json().decode(),
            state=State.IGNORED,
            why="" if known else "type d'évènement sans effet ici",
        )
        if not _insert(row):
            _compare(row)
            return "duplicate"
        if known:
            _settle(row, event, document)
    log.info("inbox_received", event_type=row.type, state=str(row.state))
    return str(row.state)


def retry(row_id: int) -> str:
    """Apply a quarantined event again, once its case is known. Returns the new state; raises `NotInQuarantine`."""
    with transaction.atomic():
        row = IncomingEvent.objects.select_for_update().filter(pk=row_id, state=State.QUARANTINED).first()
        if row is None:
            raise NotInQuarantine(str(row_id))
        _settle(row, Event.from_json(row.body.encode()))
    return str(row.state)


def resume(case_id: uuid.UUID) -> list[IncomingEvent]:
    """Apply what waited for this case, in the order it came; each with what became of it. In the transaction that ends
    the wait, which holds the case."""
    found = IncomingEvent.objects.select_for_update().filter(case_id=case_id, state=State.WAITING)
    rows = list(found.order_by("received_at", "pk"))
    for row in rows:
        _settle(row, Event.from_json(row.body.encode()))
    return rows


def dismiss(row_id: int, *, reason: str) -> None:
    """Set a quarantined event aside, by a written decision. It stays, with the reason."""
    if not reason.strip():
        raise ValueError("Une mise à l'écart se motive par écrit.")
    changed = IncomingEvent.objects.filter(pk=row_id, state=State.QUARANTINED).update(
        state=State.DISMISSED, why=reason[:300], settled_at=timezone.now()
    )
    if not changed:
        raise NotInQuarantine(str(row_id))


@contextmanager
def _document(event: Event) -> Iterator[Fetched]:
    """The document that comes with an event of a known case, the first time it comes."""
    if event.type != DOCUMENT_ADDED or _is_known(event) or _case_of(event) is None:
        yield NOTHING
        return
    with offered(event) as document:
        yield document


def _is_known(event: Event) -> bool:
    return IncomingEvent.objects.filter(source=event.source, event_id=event.id).exists()


def _case_of(event: Event) -> uuid.UUID | None:
    named = event.data.get("case") or {}
    return queries.find(
        event.authority,
        case_id=str(named.get("id") or ""),
        reference=str(named.get("reference") or ""),
        subject=event.subject,
    )


def _settle(row: IncomingEvent, event: Event, document: Fetched = NOTHING) -> None:
    case_id = _case_of(event)
    if case_id is None:
        row.state, row.why = State.QUARANTINED, "demande inconnue dans cette collectivité"
        log.warning("inbox_quarantined", event_type=row.type)
    elif event.type in TREATING and apart.events_wait(case_id):
        row.state, row.why = State.WAITING, ""
    else:
        effect = _apply(case_id, event, document)
        row.state, row.why = (State.APPLIED if effect.applied else State.RECORDED), effect.why[:300]
        row.settled_at = timezone.now()
    row.case_id = case_id
    row.save(update_fields=["state", "why", "case_id", "settled_at"])


def forget_case(case_id: uuid.UUID) -> None:
    """Empty what was received about a case that is removed: the keys stay, so that nothing old is taken for new."""
    IncomingEvent.objects.filter(case_id=case_id).update(case_id=None, subject="", body="", why="")


def _apply(case_id: uuid.UUID, event: Event, document: Fetched) -> Effect:
    try:
        with transaction.atomic():
            return HANDLERS[event.type](case_id, event, document)
    except CaseError as refused:
        # A move that the case refuses is a fact worth keeping, not an error of the sender.
        return Effect(False, str(refused))


def _insert(row: IncomingEvent) -> bool:
    """One statement that inserts or finds the twin, waiting for a twin that is being written."""
    fields = ["source", "event_id", "type", "subject", "authority", "digest", "body", "state", "why"]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO inbox_event ({', '.join(fields)}) VALUES ({', '.join(['%s'] * len(fields))})"  # noqa: S608
            " ON CONFLICT (source, event_id) DO NOTHING RETURNING id",
            [str(value) if isinstance(value, State) else value for value in (getattr(row, name) for name in fields)],
        )
        found = cursor.fetchone()
    if found is None:
        return False
    row.pk = found[0]
    return True


def _compare(row: IncomingEvent) -> None:
    before = IncomingEvent.objects.only("digest").get(source=row.source, event_id=row.event_id)
    if bytes(before.digest) != row.digest:
        raise OtherContent(row.event_id)
