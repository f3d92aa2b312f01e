"""Who delivers what, when. `ENGINE` is the one in force, chosen once by the setting HUB_ENGINE."""

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
    SubscriptionStats,
)
from etoile.hub.delivery.engine.postgres import CHANNEL, PostgresEngine

POSTGRES = PostgresEngine()
ENGINE: DeliveryEngine = POSTGRES
feed = ENGINE.feed
submit = ENGINE.submit
claim = ENGINE.claim
settle = ENGINE.settle
extend = ENGINE.extend
hold = ENGINE.hold
release = ENGINE.release
select = ENGINE.select
replay = ENGINE.replay
cancel = ENGINE.cancel
stats = ENGINE.stats
reconcile = ENGINE.reconcile
lock = POSTGRES.lock

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
    "SubscriptionStats",
    "cancel",
    "claim",
    "extend",
    "feed",
    "hold",
    "lock",
    "reconcile",
    "release",
    "replay",
    "select",
    "settle",
    "stats",
    "submit",
]
