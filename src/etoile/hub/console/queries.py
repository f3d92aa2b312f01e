"""What the console shows: lists by keyset pages. It reads, never writes."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from etoile.hub.delivery.models import Delivery
from etoile.hub.delivery.schedule import DELAYS
from etoile.hub.delivery.states import DeliveryState
from etoile.hub.journal.models import Entry, Message, MessageState
from etoile.hub.registry.models import Application, Subscription

PAGE = 50
WAITING = (
    DeliveryState.PENDING,
    DeliveryState.LEASED,
    DeliveryState.RETRY_SCHEDULED,
    DeliveryState.HELD,
)


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


def reference_of(message: Message) -> str:
    """The reference of the case the message speaks of, or its subject."""
    case = json.loads(message.payload).get("data", {}).get("case") or {}
    return str(case.get("reference") or message.subject)


def keyset(rows: QuerySet[Any], after: UUID | None, *, oldest_first: bool = False) -> Slice:
    """The page of `rows` that follows the key: newest first, unless told."""
    if after is not None:
        rows = rows.filter(id__gt=after) if oldest_first else rows.filter(id__lt=after)
    found = list(rows.order_by("id" if oldest_first else "-id")[: PAGE + 1])
    more = len(found) > PAGE
    return Slice(found[:PAGE], str(found[PAGE - 1].id) if more else "")


def deliveries(
    *,
    states: tuple[str, ...] = (),
    application: int | None = None,
    subject: str = "",
    after: UUID | None = None,
    oldest_first: bool = False,
) -> Slice:
    rows = Delivery.objects.all()
    if states:
        rows = rows.filter(state__in=states)
    if application is not None:
        rows = rows.filter(application_id=application)
    if subject:
        rows = rows.filter(subject=subject)
    page = keyset(rows, after, oldest_first=oldest_first)
    return Slice(lines(page.rows), page.next_key)


def lines(found: list[Delivery]) -> list[Line]:
    """Two statements for a whole page, however long."""
    messages = Message.objects.in_bulk([delivery.message_id for delivery in found])
    wanted = {delivery.subscription_id for delivery in found}
    subscriptions = {row.pk: row for row in Subscription.objects.select_related("application").filter(pk__in=wanted)}
    return [
        Line(delivery, messages.get(delivery.message_id), subscriptions.get(delivery.subscription_id))
        for delivery in found
    ]


def messages(*, words: str = "", type: str = "", unrouted: bool = False, after: UUID | None = None) -> Slice:
    """Messages, newest first. `words`: an id, a subject, or the reference of a case."""
    rows = Message.objects.all()
    if type:
        rows = rows.filter(type=type)
    if unrouted:
        rows = rows.filter(state=MessageState.UNROUTED)
    if words:
        rows = rows.filter(matching(words.strip()))
    return keyset(rows, after)


def matching(words: str) -> Q:
    try:
        key = UUID(words.removeprefix("case/"))
    except ValueError:
        return Q(subject=words) | Q(event_id=words) | Q(payload__contains=f'"reference":{json.dumps(words.upper())}')
    return Q(id=key) | Q(event_id=str(key)) | Q(subject=f"case/{key}")


def entries_of(message_id: UUID, delivery_ids: list[UUID]) -> QuerySet[Entry]:
    return Entry.objects.filter(Q(message_id=message_id) | Q(delivery_id__in=delivery_ids)).order_by("id")


def application_choices() -> list[tuple[str, str]]:
    return [(str(key), name) for key, name in Application.objects.order_by("name").values_list("pk", "name")]
