"""What the console shows: lists by keyset pages. It reads, never writes."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from etoile.hub.delivery.models import Delivery
from etoile.hub.delivery.schedule import DELAYS
from etoile.hub.journal.models import Entry, Message, MessageState
from etoile.hub.registry.models import Subscription

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One delivery as a line of a list: where it goes, what it carries, how it stands."""

    delivery: Delivery
    message: Message | None
    subscription: Subscription | None

    @property
    def reference(self) -> str:
        return reference_of(self.message) if self.message else ""

    @property
    def application(self) -> str:
        return self.subscription.application.name if self.subscription else ""

    @property
    def delays(self) -> tuple[float, ...]:
        """Seconds before each try: the subscription's own list, else the one of the delivery room."""
        own = self.subscription.policy.get("delays") if self.subscription else None
        return tuple(own or DELAYS)

    @property
    def tries(self) -> int:
        """Tries since the beginning, or since a person asked to send again."""
        return self.delivery.attempts - self.delivery.tries_from


@dataclass(frozen=True, slots=True)
class Slice:
    """One page of a list, and the keys of its neighbours (empty when there is none)."""

    rows: list[Any]
    next_key: str
    previous_key: str


def reference_of(message: Message) -> str:
    """The reference of the case the message speaks of, or its subject."""
    return message.reference or message.subject


def lines(found: list[Delivery]) -> list[Line]:
    """Two statements for a whole page, however long."""
    messages = Message.objects.defer("payload").in_bulk([delivery.message_id for delivery in found])
    wanted = {delivery.subscription_id for delivery in found}
    subscriptions = {row.pk: row for row in Subscription.objects.select_related("application").filter(pk__in=wanted)}
    return [
        Line(delivery, messages.get(delivery.message_id), subscriptions.get(delivery.subscription_id))
        for delivery in found
    ]


def messages(
    *, words: str = "", unrouted: bool = False, after: UUID | None = None, before: UUID | None = None
) -> Slice:
    """Messages, newest first. `words`: an id, a subject, or the reference of a case."""
    rows = Message.objects.all()
    if unrouted:
        rows = rows.filter(state=MessageState.UNROUTED)
    if words:
        rows = rows.filter(id__in=_meant(words.strip()))
    return keyset(rows.defer("payload"), after, before)


def keyset(rows: QuerySet[Any], after: UUID | None, before: UUID | None) -> Slice:
    """The page that follows a key, or comes before one, newest first."""
    if after is not None:
        rows = rows.filter(id__lt=after)
    if before is not None:
        rows = rows.filter(id__gt=before)
    found = list(rows.order_by("id" if before else "-id")[: PAGE + 1])
    more, kept = len(found) > PAGE, found[:PAGE]
    if before:
        kept.reverse()
    has_next = bool(kept) and (more or before is not None)
    has_previous = bool(kept) and (more if before else after is not None)
    return Slice(kept, str(kept[-1].id) if has_next else "", str(kept[0].id) if has_previous else "")


MEANT = """
SELECT id FROM journal_message WHERE reference = upper(%(words)s)
UNION ALL SELECT id FROM journal_message WHERE subject = %(subject)s
UNION ALL SELECT id FROM journal_message WHERE event_id = %(words)s
UNION ALL SELECT id FROM journal_message WHERE id = %(key)s::uuid
"""


def _meant(words: str) -> list[UUID]:
    """A case has few messages: they are read whole, each by its index."""
    try:
        key = UUID(words.removeprefix("case/"))
    except ValueError:
        key = None
    subject = f"case/{key}" if key and not words.startswith("case/") else words
    with connection.cursor() as cursor:
        cursor.execute(MEANT, {"words": words, "subject": subject, "key": key})
        return [row[0] for row in cursor.fetchall()]


def entries_of(message_id: UUID, delivery_ids: list[UUID]) -> QuerySet[Entry]:
    return Entry.objects.filter(Q(message_id=message_id) | Q(delivery_id__in=delivery_ids)).order_by("id")
