import json
from dataclasses import replace
from functools import partial
from uuid import UUID

import pytest

from etoile.hub.delivery import engine, services
from etoile.hub.delivery.engine import Selection
from etoile.hub.delivery.models import Delivery
from etoile.hub.delivery.states import REPLAYABLE, STUCK, DeliveryState
from etoile.hub.journal.models import Entry, Message
from etoile.hub.registry.models import Subscription
from etoile.hub.routing.services import accept
from tests.hub.delivery.conftest import HANDOFF
from tests.hub.worker.conftest import type_of


@pytest.fixture
def delivery(snapshot, cursor, submitted):
    accept(cursor, submitted, application=snapshot.application("gru"), snapshot=snapshot)
    return Delivery.objects.get()


def test_sending_again_is_written_with_who_and_why(delivery):
    Delivery.objects.update(state="dead", due=None)
    assert services.replay(delivery.pk, actor="lea@example.org", reason="adresse corrigée") == 1
    assert Delivery.objects.get().state == "pending"
    entry = Entry.objects.get(kind="delivery.replayed")
    assert (entry.actor, entry.delivery_id) == ("lea@example.org", delivery.pk)
    assert entry.detail == {"reason": "adresse corrigée", "was": "dead"}


def test_what_was_cancelled_is_told_to_the_source(delivery):
    assert services.cancel([delivery.pk], actor="lea@example.org", reason="en double") == 1
    assert Delivery.objects.get(pk=delivery.pk).state == "cancelled"
    told = Message.objects.get(type=HANDOFF)
    assert '"state":"cancelled"' in told.payload and "en double" in told.payload
    assert Entry.objects.filter(kind="delivery.cancelled").count() == 1


def test_what_waits_its_turn_is_not_sent_again_and_nothing_is_written(delivery):
    assert services.replay([delivery.pk], actor="lea@example.org", reason="pour voir") == 0
    assert services.replay([], actor="lea@example.org", reason="pour voir") == 0
    assert not Entry.objects.filter(kind="delivery.replayed").exists()


def test_a_decision_without_a_reason_is_refused(delivery):
    for decide in (services.replay, services.cancel):
        with pytest.raises(services.ReasonMissingError):
            decide(delivery.pk, actor="lea@example.org", reason="  ")


def test_all_the_dead_of_an_application_are_sent_again_at_once(delivery):
    Delivery.objects.update(state="dead", due=None)
    chosen = Selection(application_id=delivery.application_id, states=[DeliveryState.DEAD])
    assert services.replay(chosen, actor="lea@example.org", reason="rétabli") == 1


def test_switching_a_subscription_is_one_decision_of_the_journal(delivery):
    switch = partial(services.switch, delivery.subscription_id, actor="lea@example.org")
    assert switch(active=False, reason="maintenance") == 1
    assert (Subscription.objects.get(pk=delivery.subscription_id).active, Delivery.objects.get().state) == (
        False,
        "held",
    )
    assert switch(active=True, reason="finie") == 1
    assert (Subscription.objects.get(pk=delivery.subscription_id).active, Delivery.objects.get().state) == (
        True,
        "pending",
    )
    entries = Entry.objects.filter(kind__startswith="subscription.").order_by("number")
    assert [(entry.kind, entry.detail["reason"], entry.detail["deliveries"]) for entry in entries] == [
        ("subscription.switched_off", "maintenance", 1),
        ("subscription.switched_on", "finie", 1),
    ]


def test_a_switching_that_fails_halfway_changes_nothing(delivery, monkeypatch):
    def broken(*_):
        raise RuntimeError("killed here")

    monkeypatch.setattr(services.engine, "hold", broken)
    with pytest.raises(RuntimeError):
        services.switch(delivery.subscription_id, active=False, actor="lea@example.org", reason="maintenance")
    assert Subscription.objects.get(pk=delivery.subscription_id).active
    assert not Entry.objects.filter(kind__startswith="subscription.").exists()


@pytest.fixture
def many(cursor, snapshot, submitted, monkeypatch):
    """Seven of them, dead for two reasons, decided in slices of three."""
    monkeypatch.setattr(services, "CHUNK", 3)
    for number in range(7):
        event = type_of(submitted, f"case/{number}", 1, "gru")
        accept(cursor, event, application=snapshot.application("gru"), snapshot=snapshot)
    Delivery.objects.update(state="dead", due=None, detail="Elle ne répond pas.")
    Delivery.objects.filter(subject__in=["case/2", "case/5"]).update(detail="Champ refusé.")
    return Selection(states=[DeliveryState.DEAD])


def dead():
    return Delivery.objects.filter(state="dead").count()


def test_a_large_decision_goes_by_slices_and_is_one_decision_of_the_journal(many):
    told = []
    replay = partial(services.replay, actor="lea@example.org", reason="rétabli")
    assert replay(many, progress=lambda *numbers: told.append(numbers)) == 7
    assert told == [(3, 7), (6, 7), (7, 7)]
    decision = Entry.objects.get(kind="decision.replayed")
    assert (decision.detail["deliveries"], decision.detail["reason"]) == (7, "rétabli")
    entries = Entry.objects.filter(kind="delivery.replayed")
    assert {entry.detail["decision"] for entry in entries} == {str(decision.pk)} and len(entries) == 7


def test_cut_short_the_same_decision_taken_again_does_what_is_left(many):
    class Killed(BaseException):
        pass

    def kill(done, number):
        raise Killed

    with pytest.raises(Killed):
        services.replay(many, actor="lea@example.org", reason="rétabli", progress=kill)
    assert dead() == 4
    assert services.replay(many, actor="lea@example.org", reason="rétabli") == 4
    assert (dead(), Entry.objects.filter(kind="delivery.replayed").count()) == (0, 7)


def test_what_fails_again_meanwhile_is_not_sent_again_for_ever(many):
    def fails_again(done, number):
        Delivery.objects.filter(state="pending").update(state="dead", due=None)

    assert services.replay(many, actor="lea@example.org", reason="rétabli", progress=fails_again) == 7


def test_the_words_of_the_error_narrow_the_choice(many):
    chosen = replace(many, words="champ REFUSÉ")
    assert services.replay(chosen, actor="lea@example.org", reason="corrigé") == 2
    assert dead() == 5


CROWD = """
INSERT INTO delivery_delivery (id, message_id, subscription_id, application_id, subject, position, state, created_at,
                               attempts)
SELECT journal_first_key(now() - make_interval(secs => 9000 - n)), gen_random_uuid(), 1, 1, 'case/' || n, n,
       CASE WHEN n % 3 = 0 THEN 'acknowledged' WHEN n % 3 = 1 THEN 'dead' ELSE 'rejected' END, now(), 3
FROM generate_series(1, 6000) n
"""


@pytest.mark.parametrize("known", [True, False], ids=["counted by the planner", "never counted"])
@pytest.mark.parametrize("states", [STUCK, [DeliveryState.DEAD], REPLAYABLE])
def test_a_slice_reads_what_it_decides_and_never_what_is_left(cursor, states, known):
    cursor.execute(CROWD)
    if known:
        cursor.execute("ANALYZE delivery_delivery")
    explained, after = Explained(cursor), UUID(int=0)
    for _ in range(12):
        engine.select(explained, Selection(application_id=1), states, 50, after=after)
        found = engine.select(cursor, Selection(application_id=1), states, 50, after=after)
        after = found[-1].id
    assert len(explained.read) == 12
    # Of each state, what it may keep; and what lies between in the order of the keys.
    assert max(explained.read) <= 50 * 3 + 5


def test_what_is_named_is_read_once(many, monkeypatch):
    asked = []
    select = services.engine.select

    def seen(cursor, selection, *others, **bounds):
        asked.extend(selection.ids)
        return select(cursor, selection, *others, **bounds)

    monkeypatch.setattr(services.engine, "select", seen)
    named = list(Delivery.objects.values_list("pk", flat=True))
    assert services.replay(named, actor="lea@example.org", reason="rétabli") == 7
    assert sorted(asked) == sorted(named)


class Explained:
    """Runs each statement under EXPLAIN and notes how many rows its scans brought or threw away."""

    def __init__(self, cursor):
        self.cursor, self.read = cursor, []

    def execute(self, statement, values):
        if "FROM delivery_delivery" not in statement:
            self.cursor.execute(statement, values)
            return
        self.cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement}", values)
        plan = self.cursor.fetchone()[0]
        self.read.append(scanned((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]))

    def fetchall(self):
        return []


def scanned(plan):
    own = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0) if "Scan" in plan["Node Type"] else 0
    return own * plan["Actual Loops"] + sum(map(scanned, plan.get("Plans", ())))
