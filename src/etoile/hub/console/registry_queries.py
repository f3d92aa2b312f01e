"""What the pages of the registry show. It reads, never writes; the number of statements never depends on the rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Q, QuerySet

from etoile.contract import schemas
from etoile.hub.console.standings import OPEN
from etoile.hub.delivery import circuits
from etoile.hub.delivery.circuits import Circuit
from etoile.hub.delivery.states import STUCK, DeliveryState
from etoile.hub.journal.models import Message
from etoile.hub.registry import directory
from etoile.hub.registry.directory import Snapshot
from etoile.hub.registry.models import Application, Change, Direction, Interface, LookupProvider, Subscription
from etoile.hub.registry.star_checks import DELIVERING, HUB
from etoile.sdk.connector import discover

LAST_CHANGES = 20
RECORDED = 20


@dataclass(frozen=True, slots=True)
class Stand:
    """One subscription and what waits for it, by state."""

    row: Subscription
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def stuck(self) -> int:
        return sum(self.counts.get(state, 0) for state in STUCK)

    @property
    def waiting(self) -> int:
        return sum(
            self.counts.get(state, 0)
            for state in (DeliveryState.PENDING, DeliveryState.LEASED, DeliveryState.RETRY_SCHEDULED)
        )

    @property
    def held(self) -> int:
        return self.counts.get(DeliveryState.HELD, 0)


def applications() -> QuerySet[Application]:
    """All but the hub itself, which nobody changes."""
    return Application.objects.exclude(slug=HUB).prefetch_related("subscriptions__message_type").order_by("name")


def stands(rows: Sequence[Subscription]) -> list[Stand]:
    found = {row.pk: Stand(row) for row in rows}
    with connection.cursor() as cursor:
        cursor.execute(OPEN, {"subscriptions": list(found)})
        for subscription_id, state, number, _oldest in cursor.fetchall():
            found[subscription_id].counts[state] = number
    return list(found.values())


def circuit(row: Subscription) -> Circuit | None:
    """The circuit of a subscription, when the application is no longer called for a while."""
    with connection.cursor() as cursor:
        return circuits.opened(cursor, [row.pk]).get(row.pk)


def contract(application: Application) -> tuple[list[Interface], list[Interface]]:
    """What it emits, and what it receives."""
    lines = list(Interface.objects.filter(application=application).select_related("message_type"))
    return (
        [each for each in lines if each.direction == Direction.OUT],
        [each for each in lines if each.direction == Direction.IN],
    )


def changes_of_application(slug: str) -> list[Change]:
    return list(Change.objects.filter(application=slug).order_by("-id")[:LAST_CHANGES])


def changes_of(kind: str, name: str) -> list[Change]:
    return list(Change.objects.filter(kind=kind, name=name).order_by("-id")[:LAST_CHANGES])


def snapshot() -> Snapshot:
    with connection.cursor() as cursor:
        return directory.current(cursor)


def recorded(message_type: str, authorities: Sequence[str]) -> list[Message]:
    """The last messages of a type said for these authorities: what a rehearsal may play."""
    rows = Message.objects.filter(Q(type=message_type), authority__in=authorities).defer("payload")
    return list(rows.order_by("-id")[:RECORDED])


def connectors() -> list[tuple[str, str]]:
    """The installed connectors that a subscription may use: name, and title in French."""
    able = {name: each for name, each in discover().items() if each.capabilities & DELIVERING}
    return [(name, f"{each.manifest.title.fr} ({name})") for name, each in able.items()]


def users_of_connectors() -> dict[str, list[str]]:
    """The subscriptions, then the lookups, that use each connector, by its name."""
    users: dict[str, list[str]] = {}
    subscriptions = Subscription.objects.order_by("slug").values_list("connector", "slug")
    lookups = LookupProvider.objects.order_by("lookup__name").values_list("connector", "lookup__name").distinct()
    for connector, name in [*subscriptions, *lookups]:
        users.setdefault(connector, []).append(name)
    return users


def paths(message_type: str) -> list[tuple[str, str]]:
    """The fields of a type that a subscription may allow: dotted path, and title; a list is entered."""
    whole = schemas.schema(message_type)
    return list(_paths(whole, whole, "", 0))


def _paths(root: dict, node: dict, prefix: str, depth: int) -> list[tuple[str, str]]:
    reference = node.get("$ref")
    if reference:
        node = {**root["$defs"][reference.removeprefix("#/$defs/")], **node}
    if isinstance(node.get("items"), dict):
        return _paths(root, node["items"], prefix, depth)
    found = []
    for name, child in node.get("properties", {}).items():
        path = f"{prefix}.{name}" if prefix else name
        found.append((path, str(child.get("title", name))))
        if depth < 2:
            found += _paths(root, child, path, depth + 1)
    return found
