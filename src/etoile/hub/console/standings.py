"""How each application stands: what waits for it and since when, what went each way in the last day.

What is open is counted in the index of lanes, what was received in that of places, whose keys bear their time: the
number of statements never changes, and nothing older than a day is read once it is over.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from etoile.contract.identifiers import first_uuid7
from etoile.hub.delivery.states import DeliveryState
from etoile.hub.registry.models import Application, Subscription
from etoile.hub.registry.star_checks import HUB

DAY = timedelta(days=1)
# Beyond this, what waits its turn is late: the first retries have all been made.
LATE = timedelta(minutes=15)
WAITING = (DeliveryState.PENDING, DeliveryState.LEASED, DeliveryState.RETRY_SCHEDULED)

# What is open, by the index of lanes and that of what is sent; what is over is never looked at.
OPEN = """
SELECT s.subscription_id, counted.state, counted.number, counted.oldest
FROM unnest(%(subscriptions)s::bigint[]) AS s(subscription_id)
CROSS JOIN LATERAL (
    SELECT d.state, count(*) AS number, min(d.created_at) AS oldest FROM delivery_delivery d
    WHERE d.subscription_id = s.subscription_id
      AND d.state IN ('pending', 'leased', 'retry_scheduled', 'rejected', 'dead', 'held') GROUP BY d.state
    UNION ALL
    SELECT d.state, count(*), min(d.created_at) FROM delivery_delivery d
    WHERE d.subscription_id = s.subscription_id AND d.state IN ('sent') GROUP BY d.state
) counted
"""
RECEIVED = """
SELECT s.subscription_id, counted.number FROM unnest(%(subscriptions)s::bigint[]) AS s(subscription_id)
CROSS JOIN LATERAL (SELECT count(*) AS number FROM delivery_delivery d
                    WHERE d.subscription_id = s.subscription_id AND d.state = 'acknowledged'
                      AND d.id >= %(since)s) counted
"""
EMITTED = "SELECT source, count(*) FROM journal_message WHERE id >= %(since)s GROUP BY source"


@dataclass(slots=True)
class Standing:
    """One application. `counts` and `oldest` are by state; `received` and `emitted` are those of the last 24 hours."""

    application: Application
    subscriptions: list[Subscription]
    counts: dict[str, int] = field(default_factory=dict)
    oldest: dict[str, datetime] = field(default_factory=dict)
    received: int = 0
    emitted: int = 0

    def number(self, *states: DeliveryState) -> int:
        return sum(self.counts.get(state, 0) for state in states)

    def since(self, *states: DeliveryState) -> datetime | None:
        """When the oldest of what is in one of these states was made."""
        return min((self.oldest[state] for state in states if state in self.oldest), default=None)

    @property
    def waiting(self) -> int:
        return self.number(*WAITING)

    @property
    def waiting_since(self) -> datetime | None:
        return self.since(*WAITING)

    @property
    def stuck(self) -> int:
        return self.number(DeliveryState.DEAD, DeliveryState.REJECTED)

    @property
    def switched_off(self) -> list[Subscription]:
        return [each for each in self.subscriptions if not each.active]

    @property
    def is_late(self) -> bool:
        since = self.waiting_since
        return since is not None and timezone.now() - since > LATE

    def _add(self, state: str, number: int, oldest: datetime) -> None:
        self.counts[state] = self.counts.get(state, 0) + number
        self.oldest[state] = min(oldest, self.oldest.get(state, oldest))


def standings() -> list[Standing]:
    """The applications that are active, or for which something waits, by their names. Five statements."""
    subscriptions = list(Subscription.objects.select_related("application"))
    found = {
        application.pk: Standing(application, [each for each in subscriptions if each.application_id == application.pk])
        for application in Application.objects.exclude(slug=HUB)
    }
    owners = {each.pk: found[each.application_id] for each in subscriptions}
    _count(owners, {standing.application.slug: standing for standing in found.values()})
    kept = [each for each in found.values() if each.application.is_active or each.counts]
    return sorted(kept, key=lambda each: _sorted_as(each.application.name))


def _sorted_as(name: str) -> str:
    """The order of the French alphabet, which not every database knows: without accents."""
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()


def _count(owners: Mapping[int, Standing], by_slug: Mapping[str, Standing]) -> None:
    given = {"subscriptions": list(owners), "since": first_uuid7(timezone.now() - DAY)}
    with connection.cursor() as cursor:
        cursor.execute(OPEN, given)
        for subscription_id, state, number, oldest in cursor.fetchall():
            owners[subscription_id]._add(state, number, oldest)
        cursor.execute(RECEIVED, given)
        for subscription_id, number in cursor.fetchall():
            owners[subscription_id].received += number
        cursor.execute(EMITTED, given)
        for source, number in cursor.fetchall():
            if source in by_slug:
                by_slug[source].emitted += number


def total(found: Iterable[Standing], *states: DeliveryState) -> int:
    return sum(each.number(*states) for each in found)
