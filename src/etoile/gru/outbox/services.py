"""Putting an event in the outbox, and what an operator may do with one that the hub refused."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from etoile.contract.envelope import Event, make
from etoile.gru.outbox.identifiers import uuid7
from etoile.gru.outbox.models import OutgoingEvent, State


class NotRefused(Exception):
    """Only a refused event can be retried or cancelled by hand."""


def enqueue(
    type: str,
    *,
    subject: str,
    authority: str,
    data: Mapping[str, Any],
    sequence: int | None,
    correlation_id: str | None = None,
    id: uuid.UUID | None = None,
    time: datetime | None = None,
    for_nobody: bool = False,
    recipient: str = "",
) -> uuid.UUID:
    """Write one event in the caller's transaction: one INSERT, and the sender is woken at commit by a trigger.

    `type` is a full message type (`org.etoile.case.submitted.v1`), `subject` the ordering key (`case/<uuid>`),
    `authority` a SIRET, `sequence` the counter within the subject. `for_nobody`: no application has to receive it;
    `recipient`: this one alone may.
    Returns the event's id.
    Raises `EnvelopeError` when these do not make an event: a fault of the caller, nothing is written.
    """
    event = make(
        type,
        source=settings.HUB_CLIENT_ID,
        subject=subject,
        authority=authority,
        data=dict(data),
        sequence=sequence,
        correlationid=correlation_id,
        id=str(id or uuid7()),
        time=time or timezone.now(),
        for_nobody=for_nobody,
        recipient=recipient,
    )
    OutgoingEvent.objects.create(
        id=uuid.UUID(event.id),
        type=type,
        subject=subject,
        authority=authority,
        sequence=sequence,
        body=event.to_json().decode(),
    )
    return uuid.UUID(event.id)


def hold(subject: str) -> None:
    """Nothing of this subject begins to leave before the end of the caller's transaction."""
    list(OutgoingEvent.objects.select_for_update().filter(subject=subject, state=State.PENDING).values_list("pk"))


def receivers_of(subject: str, type: str) -> int | None:
    """How many applications take what was published of this type; None when that is not known: it is on its way, the
    hub refused it or did not say. What was never offered to the hub, or was given up, is nobody's. One statement."""
    found = OutgoingEvent.objects.filter(subject=subject, type=type).exclude(state=State.CANCELLED)
    told = list(found.exclude(state=State.PENDING, attempts=0).values_list("receivers", flat=True))
    return None if None in told else sum(told)


def amend(subject: str, type: str, data: Mapping[str, Any]) -> bool:
    """Say `data` in the place of what was written and never offered to the hub: the event stays itself, where it was.
    False when there is none. In the caller's transaction."""
    never = OutgoingEvent.objects.select_for_update().filter(
        subject=subject, type=type, state=State.PENDING, attempts=0
    )
    row = never.order_by("position").last()
    if row is None:
        return False
    row.body = replace(Event.from_json(row.body.encode()), data=dict(data)).to_json().decode()
    row.save(update_fields=["body"])
    return True


def retry(event_id: uuid.UUID) -> None:
    """Offer a refused event again (its cause was mended on the hub's side). Raises `NotRefused`."""
    changed = OutgoingEvent.objects.filter(id=event_id, state=State.REFUSED).update(state=State.PENDING, problem=None)
    if not changed:
        raise NotRefused(str(event_id))


def cancel(event_id: uuid.UUID, *, reason: str) -> None:
    """Give up a refused event, by a written decision: what follows it in its subject leaves. Raises `NotRefused`."""
    if not reason.strip():
        raise ValueError("Un abandon se motive par écrit.")
    changed = OutgoingEvent.objects.filter(id=event_id, state=State.REFUSED).update(
        state=State.CANCELLED, reason=reason, settled_at=timezone.now()
    )
    if not changed:
        raise NotRefused(str(event_id))


def document_address(document_id: uuid.UUID | str) -> str:
    """The stable address of a document, the one that travels in events: it opens nothing without a signature."""
    return f"{settings.PUBLIC_URL}/documents/{document_id}"


def forget_sent(*, before: datetime) -> int:
    """Empty the content of events the hub has held since then: personal data has no reason to stay here twice."""
    return OutgoingEvent.objects.filter(state=State.SENT, settled_at__lt=before).exclude(body="").update(body="")
