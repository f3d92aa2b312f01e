import pytest
from django.db import connection

from etoile.contract.identifiers import uuid7
from etoile.contract.schemas import example
from etoile.hub.catalogue.models import MessageType
from etoile.hub.delivery import engine
from etoile.hub.delivery.engine import NewDelivery, Result, Share
from etoile.hub.delivery.models import Delivery
from etoile.hub.registry import directory
from etoile.hub.registry.models import Application, Authority, Subscription
from etoile.hub.registry.pairwise import new_key
from tests.hub.engines import Brought, Direct, empty, nats_engine, submit

SUBMITTED = "org.etoile.case.submitted.v1"
STATUS = "org.etoile.case.status_changed.v1"
HANDOFF = "org.etoile.handoff.changed.v1"


@pytest.fixture
def cursor(db):
    with connection.cursor() as opened:
        yield opened


class Lanes:
    """The engine as a worker uses it, with short names."""

    def __init__(self, cursor, claims):
        self.cursor = cursor
        self._claims = claims

    def submit(self, *subjects, subscription=1, held=False):
        items = [NewDelivery(uuid7(), uuid7(), subscription, 1, subject, held=held) for subject in subjects]
        submit(self.cursor, items)
        return [item.id for item in items]

    def claim(self, *, worker="w1", subscriptions=(1,), room=100, run=20):
        shares = [Share(each, room, True, 30.0) for each in subscriptions]
        return self._claims.claim(worker, shares, run=run)

    def settle(self, *claims, state="acknowledged", **values):
        return engine.settle(self.cursor, [Result(claim, state, **values) for claim in claims]).deliveries

    def later(self):
        """Every lease ends, every retry is due."""
        self.cursor.execute("UPDATE delivery_delivery SET due = now() - interval '1 second' WHERE due > now()")

    def states(self):
        return list(Delivery.objects.order_by("position").values_list("state", flat=True))


@pytest.fixture(params=["postgres", "nats"])
def lanes(request, cursor):
    if request.param == "postgres":
        yield Lanes(cursor, Direct(cursor))
        return
    # What is offered to a broker is committed before: on a connection beside that of the test.
    empty()
    brought = Brought(nats_engine(request.getfixturevalue("nats_server")))
    try:
        yield Lanes(brought.cursor, brought)
    finally:
        brought.close()
        empty()


@pytest.fixture
def star(db):
    return make_star()


def make_star():
    """The GRU emits and wants to know; technical services and town planning receive."""
    directory._latest.clear()
    town = Authority.objects.create(siret="21490999900017", name="Commune d’essai")
    made = {}
    for slug, base in {
        "hub": "",
        "gru": "https://demarches.example/",
        "works": "",
        "planning": "",
    }.items():
        made[slug], _ = Application.objects.update_or_create(
            slug=slug,
            defaults={
                "name": slug.title(),
                "pairwise_key": new_key(),
                "document_base_url": base,
                "document_secret": "s" * 32 if base else "",
            },
        )
        made[slug].authorities.add(town)
    subscribe(made["works"], "works-submitted", SUBMITTED)
    subscribe(made["gru"], "gru-status", STATUS)
    subscribe(made["gru"], "gru-handoff", HANDOFF)
    return made


def subscribe(application, slug, message_type, **values):
    return Subscription.objects.create(
        slug=slug,
        application=application,
        message_type=MessageType.objects.get(type=message_type),
        **{"connector": "stub", "configuration": {}, **values},
    )


@pytest.fixture
def snapshot(star, cursor):
    return directory.current(cursor)


@pytest.fixture
def submitted():
    return example(SUBMITTED)
