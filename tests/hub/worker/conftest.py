import asyncio
import time

import pytest
from django.db import connection, transaction
from pydantic import BaseModel

from etoile.contract.identifiers import uuid7
from etoile.contract.schemas import example
from etoile.hub.registry import directory
from etoile.hub.registry.models import Subscription
from etoile.hub.routing.services import accept
from etoile.hub.worker.process import Worker
from etoile.sdk import Connector, Outcome
from tests.hub.delivery.conftest import SUBMITTED, make_star
from tests.hub.engines import look_sooner, nats_engine, use


class Stub(Connector):
    """A connector that does what the test says; it remembers the requests (subject, sequence) and all it heard."""

    class Configuration(BaseModel, extra="forbid"):
        answer: str = ""

    def __init__(self, answer=None):
        self.calls = []
        self.contexts = []
        self.heard = []
        self._answer = answer or (lambda event, context: Outcome.acknowledged())

    async def deliver(self, event, context):
        self.heard.append(event)
        if event.type == SUBMITTED:
            self.calls.append((event.subject, event.sequence))
            self.contexts.append(context)
        outcome = self._answer(event, context) if event.type == SUBMITTED else Outcome.acknowledged()
        return await outcome if asyncio.iscoroutine(outcome) else outcome


@pytest.fixture(autouse=True)
def _rounds_come_sooner(monkeypatch):
    look_sooner(monkeypatch.setattr)


@pytest.fixture
def star(emptied):
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE delivery_delivery, delivery_attempt, delivery_external_reference, delivery_poll")
    return make_star()


@pytest.fixture(params=["postgres", "nats"])
def each_engine(request, monkeypatch):
    """The workers of the test are fed by the one, then by the other."""
    if request.param == "nats":
        use(monkeypatch, nats_engine(request.getfixturevalue("nats_server")))


def publish(subject, sequence, *, source="gru", type=SUBMITTED):
    """Accept one event, committed."""
    sample = example(type)
    event = type_of(sample, subject, sequence, source)
    with transaction.atomic(), connection.cursor() as cursor:
        snapshot = directory.current(cursor)
        accept(cursor, event, application=snapshot.application(source), snapshot=snapshot)
    return event


def type_of(sample, subject, sequence, source):
    raw = sample.to_dict() | {"id": str(uuid7()), "subject": subject, "sequence": sequence, "source": source}
    return type(sample).from_dict(raw)


def policy(slug="works-submitted", **values):
    Subscription.objects.filter(slug=slug).update(policy=values)


def work(connectors, *, until, seconds=120, beside=None):
    """Run a worker until the condition holds (looked at in a thread, as the ORM asks), then stop it cleanly."""

    async def scenario():
        worker = Worker(connectors)
        running = asyncio.create_task(worker.run())
        aside = asyncio.create_task(beside()) if beside else None
        try:
            end = time.monotonic() + seconds
            while not await asyncio.to_thread(_seen, until):
                assert time.monotonic() < end, "the worker did not get there"
                assert not running.done()
                if aside and aside.done():
                    aside.result()
                await asyncio.sleep(0.02)
        finally:
            # Whatever failed: a worker left behind holds sessions that the next test would wait for.
            worker.stop()
            if aside:
                aside.cancel()
            ended = await asyncio.gather(running, *([aside] if aside else []), return_exceptions=True)
        for failure in ended:
            if isinstance(failure, Exception):
                raise failure

    asyncio.run(scenario())


def _seen(until):
    try:
        return until()
    finally:
        connection.close()
