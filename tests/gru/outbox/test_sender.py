"""The sender: in order for each subject, never stopped by one bad event, never losing one; over real HTTP."""

import json
import threading
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from tests.gru.hub_double import HubDouble, listening

from etoile.contract.client import HubClient, HubUnavailable, Receipt
from etoile.gru.outbox import queue, services
from etoile.gru.outbox.models import OutgoingEvent, State
from etoile.gru.outbox.sender import Sender
from etoile.gru.outbox.wakeup import Wakeup

pytestmark = pytest.mark.django_db(transaction=True)
MESSAGE = "org.etoile.case.message_posted.v1"


class Hub(HubDouble):
    """What it accepted, whom it refuses, whether it is down."""

    def __init__(self) -> None:
        super().__init__()
        self.accepted: dict[str, dict[str, Any]] = {}
        self.order: list[str] = []
        self.duplicates: list[str] = []
        self.refused: set[str] = set()
        self.status = 202
        self.calls = 0

    def answer(self, path: str, given: Any) -> tuple[int, Any]:
        self.calls += 1
        if self.status != 202:
            return self.status, {"type": "about:blank", "title": "no", "status": self.status}
        batch = isinstance(given, list)
        events = given if batch else [given]
        bad = [index for index, event in enumerate(events) if event["id"] in self.refused]
        if bad:
            errors = [{"pointer": f"#/{index}/data", "detail": "no"} for index in bad]
            return 422, {"type": "urn:etoile:problem:invalid-data", "title": "no", "status": 422, "errors": errors}
        receipts = [self.take(event) for event in events]
        return 202, {"events": receipts} if batch else receipts[0]

    def take(self, event: dict[str, Any]) -> dict[str, Any]:
        known = event["id"] in self.accepted
        (self.duplicates if known else self.order).append(event["id"])
        self.accepted[event["id"]] = event
        return {"id": str(uuid.uuid4()), "duplicate": known, "deliveries": 0 if known else len(self.order)}


@pytest.fixture
def hub() -> Iterator[Hub]:
    with listening(Hub()) as found:
        yield found


@pytest.fixture
def sender(hub: Hub) -> Iterator[Sender]:
    client = HubClient(hub.url, "gru", "secret", timeout=5, budget=0.1)
    yield Sender(hub_factory=lambda: client)
    client.close()


def put(subject: str = "case/a", sequence: int = 1) -> str:
    data = {
        "case": {"id": str(uuid.uuid4()), "reference": "26-K7QM-3"},
        "message": {"id": str(uuid.uuid4()), "author": "person", "body": "x", "sent_at": "2026-11-24T12:00:00+00:00"},
    }
    made = services.enqueue(MESSAGE, subject=subject, authority="21490999900017", data=data, sequence=sequence)
    return str(made)


def state(identifier: str) -> str:
    return OutgoingEvent.objects.get(id=identifier).state


def test_what_is_rolled_back_never_leaves(hub, sender):
    with pytest.raises(RuntimeError), transaction.atomic():
        put()
        raise RuntimeError
    assert sender.once() == 0
    assert hub.calls == 0


def test_enqueuing_is_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        put()


def test_a_batch_leaves_in_order_in_one_call(hub, sender):
    made = [put(f"case/{number % 3}", number) for number in range(30)]
    assert sender.once() == 30
    assert hub.order == made
    assert hub.calls == 1
    assert set(OutgoingEvent.objects.values_list("state", flat=True)) == {State.SENT}
    # How many receive each, as the hub said (this one counts).
    assert list(OutgoingEvent.objects.order_by("position").values_list("receivers", flat=True)) == list(range(1, 31))


def test_one_bad_event_is_set_aside_with_the_answer_and_holds_only_its_own_subject(hub, sender):
    before, bad, behind, other = put("case/a", 1), put("case/a", 2), put("case/a", 3), put("case/b", 1)
    hub.refused = {bad}
    assert sender.once() == 2
    assert hub.order == [before, other]
    assert [state(each) for each in (before, bad, behind, other)] == ["sent", "refused", "pending", "sent"]
    assert sender.once() == 0
    hub.refused = set()
    services.retry(uuid.UUID(bad))
    assert sender.once() == 2
    assert hub.order == [before, other, bad, behind]


def test_a_refused_event_can_be_given_up_by_a_written_decision(hub, sender):
    bad, behind = put("case/a", 1), put("case/a", 2)
    hub.refused = {bad}
    sender.once()
    with pytest.raises(ValueError, match="motive"):
        services.cancel(uuid.UUID(bad), reason=" ")
    services.cancel(uuid.UUID(bad), reason="Doublon")
    assert sender.once() == 1
    assert (state(bad), state(behind)) == ("cancelled", "sent")
    with pytest.raises(services.NotRefused):
        services.retry(uuid.UUID(bad))


@pytest.mark.parametrize("status", [401, 429, 500, 503])
def test_when_the_hub_is_the_one_that_fails_everything_waits_and_nothing_is_set_aside(hub, sender, status):
    made = [put("case/a", 1), put("case/b", 1)]
    hub.status = status
    with pytest.raises(HubUnavailable):
        sender.once()
    assert [state(each) for each in made] == ["pending", "pending"]
    hub.status = 202
    assert sender.once() == 2


def test_killed_between_the_answer_and_the_mark_the_same_id_goes_again(hub, sender, monkeypatch):
    made = put()
    with monkeypatch.context() as patch:
        patch.setattr(queue, "mark_sent", lambda _positions: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            sender.once()
    assert state(made) == "pending"
    assert sender.once() == 0, "the lease of the killed one still holds"
    OutgoingEvent.objects.update(lease_until="2020-01-01T00:00:00Z")
    assert sender.once() == 1
    assert hub.duplicates == [made]
    assert services.receivers_of("case/a", MESSAGE) is None, "what the first answer said is lost"


def test_what_was_never_offered_may_say_something_else_and_what_was_may_not(hub, sender):
    made = put()
    data = json.loads(OutgoingEvent.objects.get(id=made).body)["data"]
    told = data | {"message": data["message"] | {"body": "y"}}
    with transaction.atomic():
        assert services.amend("case/a", MESSAGE, told)
    sender.once()
    assert hub.accepted[made]["data"] == told
    with transaction.atomic():
        assert not services.amend("case/a", MESSAGE, data)


def test_what_is_held_does_not_leave_before_the_end_of_the_transaction(hub, sender):
    made = put()

    def leave() -> None:
        sender.once()
        connection.close()

    thread = threading.Thread(target=leave)
    with transaction.atomic():
        services.hold("case/a")
        thread.start()
        thread.join(0.3)
        assert hub.calls == 0
        assert services.amend("case/a", MESSAGE, json.loads(OutgoingEvent.objects.get(id=made).body)["data"])
    thread.join(10)
    assert (hub.order, state(made)) == ([made], "sent")


def test_two_senders_never_split_a_lane():
    for number in range(6):
        put("case/a", number)
    mine = queue.claim(uuid.uuid4(), 4)
    theirs = queue.claim(uuid.uuid4(), 4)
    assert len(mine) == 4
    assert theirs == []


def test_no_transaction_is_held_while_the_hub_is_called(hub, sender, monkeypatch):
    put()
    seen = []
    client = sender.hub_factory()

    def publish(_event: object) -> Receipt:
        seen.append(connection.in_atomic_block)
        return Receipt("accepted", "m1", False)

    monkeypatch.setattr(client, "publish", publish)
    sender.once()
    assert seen == [False]


def test_what_the_hub_holds_is_forgotten_here_after_a_while(hub, sender):
    made = put()
    sender.once()
    assert services.forget_sent(before=OutgoingEvent.objects.get(id=made).settled_at) == 0
    OutgoingEvent.objects.update(settled_at="2020-01-01T00:00:00Z")
    assert services.forget_sent(before=OutgoingEvent.objects.get(id=made).created_at) == 1
    assert OutgoingEvent.objects.get(id=made).body == ""


def test_the_running_loop_is_woken_by_the_commit_survives_the_hub_and_its_database_link_and_stops(hub, sender):
    hub.status = 503
    sender._delay = lambda: 0.05  # type: ignore[method-assign]
    thread = threading.Thread(target=sender.run, daemon=True)
    thread.start()
    try:
        first = put("case/a", 1)
        wait_until(lambda: hub.calls >= 2)
        hub.status = 202
        wait_until(lambda: state(first) == "sent")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                " AND datname = current_database() AND backend_type = 'client backend'"  # it may not end an autovacuum
            )
        second = put("case/a", 2)
        wait_until(lambda: state(second) == "sent")
    finally:
        sender.stop()
        thread.join(60)
    assert not thread.is_alive()
    assert hub.order == [first, second]


def test_without_a_database_waiting_is_only_waiting(monkeypatch):
    wakeup = Wakeup()
    with monkeypatch.context() as without:
        without.setattr(connection, "get_connection_params", lambda: {"host": "/nowhere"})
        started = time.monotonic()
        wakeup.wait(0.05, threading.Event())
        assert time.monotonic() - started < 30
        wakeup.close()


def wait_until(condition: Any, seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)
