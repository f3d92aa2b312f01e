import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from etoile.hub.delivery import tries
from etoile.hub.delivery.models import Attempt, Delivery, ExternalReference
from etoile.hub.journal.models import Message
from etoile.hub.registry.models import Subscription
from etoile.sdk import DoorError, Outcome, Returned
from tests.hub.delivery.conftest import HANDOFF, STATUS, SUBMITTED, subscribe
from tests.hub.worker.conftest import Stub, policy, publish, work

pytestmark = pytest.mark.usefixtures("each_engine")


def states(slug="works-submitted"):
    subscription = Subscription.objects.get(slug=slug)
    return Counter(Delivery.objects.filter(subscription_id=subscription.pk).values_list("state", flat=True))


def test_what_is_accepted_is_delivered_in_order_and_acknowledged(star):
    for sequence in range(30):
        publish(f"case/{sequence % 3}", sequence)
    stub = Stub()
    work({"stub": stub}, until=lambda: states() == {"acknowledged": 30})
    for subject in range(3):
        seen = [sequence for called, sequence in stub.calls if called == f"case/{subject}"]
        assert seen == list(range(subject, 30, 3))


def test_an_event_accepted_while_the_worker_waits_leaves_at_once(star):
    stub = Stub()

    def published():
        if not stub.calls and not Delivery.objects.exists():
            publish("case/1", 1)
        return states()["acknowledged"] == 1

    work({"stub": stub}, until=published)
    assert stub.calls == [("case/1", 1)]


def test_the_try_is_in_the_database_before_the_connector_is_called(star):
    seen = []

    async def look(event, context):
        def read():
            found = [(each.number, each.finished_at) for each in tries.of(Delivery.objects.all())]
            connection.close()
            return found

        seen.append(await asyncio.to_thread(read))
        return Outcome.acknowledged()

    publish("case/1", 1)
    work({"stub": Stub(look)}, until=lambda: states()["acknowledged"] == 1)
    assert seen == [[(1, None)]]
    delivered = Delivery.objects.filter(application_id=star["works"].pk)
    assert [(each.number, each.outcome) for each in tries.of(delivered)] == [(1, "acknowledged")]


def test_a_failing_head_keeps_its_lane_waiting_and_the_same_key_comes_back(star):
    policy(delays=[0, 0.1, 0.1, 0.1])
    failures = iter([DoorError("connection", "coupée"), RuntimeError("bug"), None])

    def answer(event, context):
        failure = next(failures, None) if event.subject == "case/1" else None
        if failure:
            raise failure
        return Outcome.acknowledged()

    for sequence in (1, 2):
        publish("case/1", sequence)
    publish("case/2", 1)
    stub = Stub(answer)
    work({"stub": stub}, until=lambda: states() == {"acknowledged": 3})
    assert [call for call in stub.calls if call[0] == "case/1"] == [("case/1", 1)] * 3 + [("case/1", 2)]
    head = [context for call, context in zip(stub.calls, stub.contexts, strict=True) if call == ("case/1", 1)]
    assert len({context.idempotency_key for context in head}) == 1
    assert [context.attempt for context in head] == [1, 2, 3]


def test_after_the_last_delay_the_delivery_is_dead_and_its_lane_stands(star):
    policy(delays=[0, 0.05])
    publish("case/1", 1)
    publish("case/1", 2)
    work({"stub": Stub(lambda *_: Outcome.retry("en panne"))}, until=lambda: states()["dead"] == 1)
    assert states() == {"dead": 1, "pending": 1}
    assert Delivery.objects.get(state="dead").detail == "en panne"


def test_a_wrong_configuration_or_an_unknown_connector_pauses_the_subscription_with_its_words(star):
    Subscription.objects.filter(slug="works-submitted").update(configuration={"nothing": 1})
    subscribe(star["planning"], "planning-submitted", SUBMITTED, connector="absent")
    publish("case/1", 1)
    work({"stub": Stub()}, until=lambda: Delivery.objects.filter(state="retry_scheduled").count() == 2)
    told = dict(Delivery.objects.values_list("application_id", "detail"))
    assert told[star["works"].pk] == "La configuration de l'abonnement n'est pas valable."
    assert told[star["planning"].pk] == "Le connecteur « absent » n'est pas installé."


def test_a_connector_that_does_not_answer_in_time_is_tried_again(star):
    policy(timeout=0.05, delays=[0, 0.01, 60])

    async def never(event, context):
        await asyncio.sleep(30)

    publish("case/1", 1)
    # The first try is told to the source: that makes another delivery, which has tries of its own.
    (key,) = Delivery.objects.values_list("pk", flat=True)
    tries = Attempt.objects.filter(delivery_id=key, finished_at__isnull=False)
    work({"stub": Stub(never)}, until=lambda: tries.count() == 2)
    assert "répondu à temps" in Delivery.objects.get(pk=key, state="retry_scheduled").detail


def test_an_application_that_says_how_long_to_wait_is_not_called_sooner(star):
    publish("case/1", 1)
    answers = iter([replace(Outcome.retry("occupée"), retry_after=3600.0), Outcome.acknowledged()])
    stub = Stub(lambda *_: next(answers))
    work({"stub": stub}, until=lambda: states()["retry_scheduled"] == 1)
    waiting = Delivery.objects.get(state="retry_scheduled")
    assert waiting.due > Attempt.objects.get(delivery_id=waiting.pk).finished_at + timedelta(minutes=59)
    Delivery.objects.filter(state="retry_scheduled").update(due="2020-01-01T00:00:00Z")
    work({"stub": stub}, until=lambda: states() == {"acknowledged": 1})
    assert len(stub.calls) == 2


def test_a_slow_application_does_not_delay_another(star):
    subscribe(star["planning"], "planning-submitted", SUBMITTED, connector="quick")
    policy(timeout=30, concurrency=4)
    policy("planning-submitted", concurrency=4)
    release = asyncio.Event()

    async def slow(event, context):
        await release.wait()
        return Outcome.acknowledged()

    for number in range(60):
        publish(f"case/{number}", 1)
    quick = Stub()
    stuck = Stub(slow)

    async def let_go():
        while len(quick.calls) < 60:
            await asyncio.sleep(0.02)
        # All the quick ones passed while the slow application had not answered once.
        assert len(stuck.calls) == 4
        release.set()

    work({"stub": stuck, "quick": quick}, until=lambda: states() == {"acknowledged": 60}, beside=let_go)


def test_the_source_is_told_of_the_number_and_the_status_in_the_transaction_that_settles(star):
    returned = Returned("received", datetime(2026, 9, 1, tzinfo=UTC), business_code="ENR", business_label="Enregistrée")

    def answer(event, context):
        return Outcome.acknowledged("DT-1", "Enregistrée.", [returned])

    publish("case/1", 1)
    stub = Stub(answer)
    work({"stub": stub}, until=lambda: not Delivery.objects.exclude(state="acknowledged").exists())
    assert sorted(Message.objects.values_list("type", "source", "subject")) == [
        (STATUS, "works", "case/1"),
        (SUBMITTED, "gru", "case/1"),
        (HANDOFF, "hub", "case/1"),
    ]
    assert ExternalReference.objects.get(external_id="DT-1").subject == "case/1"
    told = {event.type: event.data for event in stub.heard}
    assert told[HANDOFF]["external_id"] == "DT-1"
    assert told[HANDOFF]["application"]["slug"] == "works"
    assert told[STATUS]["business_status"] == {"code": "ENR", "label": "Enregistrée"}


def test_what_is_switched_off_is_held_and_leaves_when_it_is_on_again(star):
    Subscription.objects.filter(slug="works-submitted").update(active=False)
    publish("case/1", 1)
    assert states() == {"held": 1}
    stub = Stub()
    switched = []

    def until():
        if not switched:
            switched.append(Subscription.objects.filter(slug="works-submitted").update(active=True))
        return states()["acknowledged"] == 1

    work({"stub": stub}, until=until)
    assert stub.calls == [("case/1", 1)]
