"""The hub from inside its own process: what a benchmark fills, loads, counts and claims without going by the API.

The town imports this once Django is set up, as `town.inside`; nothing else of a benchmark imports the hub's rooms.
"""

import psycopg
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.star import TABLES, event
from etoile.hub.console import queries
from etoile.hub.delivery import engine
from etoile.hub.delivery.engine import Result, Share
from etoile.hub.delivery.states import DeliveryState
from etoile.hub.registry import directory, services
from etoile.hub.registry.models import Subscription
from etoile.hub.routing.services import accept_many
from etoile.hub.worker.database import LOOK_UP

__all__ = ["LOOK_UP", "accept", "acknowledged", "engine", "load", "queries", "share", "statements"]
BATCH = 200
CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def load(file, database):
    """A star, in the place of the one before. Returns the registry's snapshot."""
    Subscription.objects.all().delete()
    services.load(file, actor="bench")
    with psycopg.connect(database) as opened, opened.cursor() as cursor:
        return directory.current(cursor)


def accept(town, snapshot, number):
    """Accept `number` events through the only acceptance there is; the planner then knows the tables."""
    events = [event(index) for index in range(number)]
    gru = snapshot.application("gru")
    with psycopg.connect(town.database, autocommit=True) as opened, opened.cursor() as cursor:
        for start in range(0, number, BATCH):
            with opened.transaction():
                accept_many(cursor, events[start : start + BATCH], application=gru, snapshot=snapshot)
    with psycopg.connect(town.owner, autocommit=True) as opened:
        opened.execute(f"VACUUM ANALYZE {', '.join(TABLES)}")
    return events


def statements(token, body, media_type):
    """SQL statements of one accepted request, transaction control not counted."""
    with CaptureQueriesContext(connection) as captured:
        headers = {"Authorization": f"Bearer {token}", "Host": "127.0.0.1"}
        answer = Client().post("/v1/events", body, content_type=media_type, headers=headers)
    if answer.status_code != 202:
        raise RuntimeError(f"not accepted: {answer.status_code}")
    return len([each for each in captured if not each["sql"].startswith(CONTROL)])


def share(subscription_id, room):
    return Share(subscription_id, room, ordered=True, lease=60.0)


def acknowledged(claim):
    return Result(claim, DeliveryState.ACKNOWLEDGED, "acknowledged")
