"""Who delivers what, when. `ENGINE` is the one in force, chosen once by the setting HUB_ENGINE."""

from django.conf import settings

from etoile.hub.delivery.engine.base import (
    INTERRUPTED,
    Claim,
    DeliveryEngine,
    Feed,
    Moved,
    NewDelivery,
    Result,
    Selection,
    Settled,
    Share,
    Span,
    SubscriptionStats,
)
from etoile.hub.delivery.engine.nats import Address, NatsEngine
from etoile.hub.delivery.engine.postgres import CHANNEL, PostgresEngine


def chosen() -> PostgresEngine:
    """The engine the settings name."""
    return NatsEngine(Address(**settings.HUB_NATS)) if settings.HUB_ENGINE == "nats" else PostgresEngine()


_CHOSEN = chosen()
ENGINE: DeliveryEngine = _CHOSEN
feed = ENGINE.feed
submit = ENGINE.submit
claim = ENGINE.claim
settle = ENGINE.settle
extend = ENGINE.extend
hold = ENGINE.hold
release = ENGINE.release
waiting = ENGINE.waiting
hasten = ENGINE.hasten
spare = ENGINE.spare
select = ENGINE.select
span = ENGINE.span
replay = ENGINE.replay
cancel = ENGINE.cancel
stats = ENGINE.stats
reconcile = ENGINE.reconcile
lock = _CHOSEN.lock

__all__ = [
    "CHANNEL",
    "ENGINE",
    "INTERRUPTED",
    "Claim",
    "DeliveryEngine",
    "Feed",
    "Moved",
    "NewDelivery",
    "Result",
    "Selection",
    "Settled",
    "Share",
    "Span",
    "SubscriptionStats",
    "cancel",
    "claim",
    "extend",
    "feed",
    "hasten",
    "hold",
    "lock",
    "reconcile",
    "release",
    "replay",
    "select",
    "settle",
    "span",
    "spare",
    "stats",
    "submit",
    "waiting",
]
