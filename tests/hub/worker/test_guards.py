"""One application in trouble: what it costs it, and that it costs the others nothing. Counted, never timed."""

import asyncio
import time
from collections import Counter

import pytest
from django.db import connection

from etoile.hub.delivery import services
from etoile.hub.delivery.models import Attempt, Delivery
from etoile.hub.journal.models import Entry
from etoile.hub.registry.models import Subscription
from etoile.hub.worker import settling
from etoile.hub.worker.process import Worker
from etoile.sdk import DoorError, Outcome
from tests.hub.delivery.conftest import SUBMITTED, subscribe
from tests.hub.engines import nats_engine, use
from tests.hub.worker.conftest import Stub, policy, publish, work

SHORT = {"failures": 3, "pause": 0.2, "longest": 0.2}


@pytest.fixture
def star(star):
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE delivery_circuit, delivery_rate")
    Subscription.objects.exclude(slug="works-submitted").delete()
    return star


@pytest.fixture(params=["postgres", "nats"])
def fed(request, monkeypatch):
    """By either engine: circuits and rates decide what is asked of it."""
    if request.param == "nats":
        use(monkeypatch, nats_engine(request.getfixturevalue("nats_server")))


def states(slug="works-submitted"):
    subscription = Subscription.objects.get(slug=slug)
    return Counter(Delivery.objects.filter(subscription_id=subscription.pk).values_list("state", flat=True))


def fill(lanes, each=1):
    for number in range(lanes * each):
        publish(f"case/{number % lanes}", number)


def entries(kind):
    return Entry.objects.filter(kind=kind, at__gte=STARTED[0]).count()


STARTED = [None]


@pytest.fixture(autouse=True)
def started(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        STARTED[0] = cursor.fetchone()[0]


def test_a_dead_application_is_called_a_few_times_then_by_probes_and_everything_leaves_when_it_is_back(star, fed):
    policy(concurrency=4, delays=[0, 60, 60], circuit=SHORT)
    fill(40, each=2)
    back = []

    def answer(event, context):
        if not back:
            raise DoorError("connection", "coupée")
        return Outcome.acknowledged()

    stub = Stub(answer)

    def until():
        if not back and len(stub.calls) >= 20:
            back.append(len(stub.calls))
        return states() == {"acknowledged": 80}

    work({"stub": stub}, until=until)
    # 80 deliveries whose next try was a minute away, after 20 failures: none was counted against them but the first.
    assert (entries("circuit.opened"), entries("circuit.closed")) == (1, 1)
    assert max(Delivery.objects.values_list("tries_from", flat=True)) <= back[0]
    tries = [each.attempts - each.tries_from for each in Delivery.objects.all()]
    assert sum(tries) <= 80 + 3
    for subject in range(40):
        received = [sequence for case, sequence in stub.calls[back[0] :] if case == f"case/{subject}"]
        assert received == sorted(received)


def test_ten_thousand_would_not_be_refused_one_by_one_for_an_expired_key(star):
    policy(concurrency=4, circuit={"failures": 3, "pause": 0.2, "longest": 0.2})
    fill(50)
    expired = [True]
    stub = Stub(
        lambda *_: (
            Outcome.fix_configuration("clé refusée", "HTTP 401", http_status=401) if expired else Outcome.acknowledged()
        )
    )

    def until():
        if expired and len(stub.calls) >= 8:
            assert "rejected" not in states()
            # What was called and not written yet is not known to the circuit: a few more, never all of them.
            assert len(stub.calls) < 25
            expired.clear()
        return states() == {"acknowledged": 50}

    work({"stub": stub}, until=until)
    assert entries("circuit.opened") == 1
    assert entries("delivery.rejected") == 0


def test_two_workers_share_one_rate(star, fed):
    policy(concurrency=20, rate=600)
    fill(60)
    stub = Stub()
    began = time.monotonic()

    async def scenario():
        workers = [Worker({"stub": stub}) for _ in range(2)]
        running = [asyncio.create_task(each.run()) for each in workers]
        while len(stub.calls) < 20:
            await asyncio.sleep(0.01)
        for each in workers:
            each.stop()
        await asyncio.gather(*running)

    asyncio.run(scenario())
    # However slow this machine is: no more than what a second brings, and ten for each second gone by.
    assert len(stub.calls) <= 10 + 10 * (time.monotonic() - began)
    assert Attempt.objects.values("worker").distinct().count() >= 1


def test_with_one_dead_and_one_slow_among_ten_the_others_receive_everything_meanwhile(star, monkeypatch):
    """What the eight need is received while the slow one has not answered once, in as many calls as there are."""
    # A database that is slow to record: what it has not been told yet opens no circuit.
    monkeypatch.setattr(settling, "GATHER", 0.2)
    release = asyncio.Event()

    async def slow(event, context):
        await release.wait()
        return Outcome.acknowledged()

    def dead(event, context):
        raise DoorError("connection", "coupée")

    stubs = {"slow": Stub(slow), "dead": Stub(dead), **{f"well{number}": Stub() for number in range(8)}}
    for name in stubs:
        subscribe(star["planning"], f"{name}-submitted", SUBMITTED, connector=name)
        policy(f"{name}-submitted", concurrency=100, circuit={"failures": 5, "pause": 60, "longest": 60})
    Subscription.objects.filter(slug="works-submitted").delete()
    fill(120)
    well = [stub for name, stub in stubs.items() if name.startswith("well")]

    async def let_go():
        while sum(len(stub.calls) for stub in well) < 8 * 120:
            await asyncio.sleep(0.02)
        # The slow one holds what it may, and leaves more than half of what can be borrowed.
        assert len(stubs["slow"].calls) <= 12 + 64
        # The dead one was called until its circuit opened, and by what was on its way then.
        assert len(stubs["dead"].calls) <= 5 + 100
        release.set()

    work(stubs, until=lambda: states("slow-submitted") == {"acknowledged": 120}, beside=let_go)
    assert all(len(stub.calls) == 120 for stub in well)
    assert len(stubs["dead"].calls) < 120


def test_what_is_on_its_way_when_a_subscription_is_switched_off_is_received_or_held(star):
    policy(concurrency=8, delays=[0, 60])
    fill(8, each=3)
    release = asyncio.Event()

    async def half(event, context):
        await release.wait()
        return Outcome.acknowledged() if event.sequence % 2 else Outcome.retry("en panne", detail="connection")

    stub = Stub(half)
    switched = []

    def until():
        if not switched and len(stub.calls) == 8:
            subscription = Subscription.objects.get(slug="works-submitted")
            switched.append(services.switch(subscription.pk, active=False, actor="test", reason="travaux"))
            asyncio.run_coroutine_threadsafe(_set(release), LOOP[0])
        return bool(switched) and not Delivery.objects.filter(state="leased").exists()

    async def remember():
        LOOP[:] = [asyncio.get_running_loop()]
        await asyncio.Event().wait()

    work({"stub": stub}, until=until, beside=remember)
    assert set(states()) == {"acknowledged", "held"}
    assert sum(states().values()) == 24
    # Switched on again, all of it leaves, in the order of each case.
    Subscription.objects.filter(slug="works-submitted").update(policy={"delays": [0, 0.1, 0.1]})
    services.switch(Subscription.objects.get().pk, active=True, actor="test", reason="finis")
    work({"stub": Stub()}, until=lambda: states() == {"acknowledged": 24})


LOOP = []


async def _set(event):
    event.set()
