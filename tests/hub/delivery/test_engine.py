import pytest

from etoile.contract.identifiers import uuid7
from etoile.hub.delivery import engine, tries
from etoile.hub.delivery.engine import Selection
from etoile.hub.delivery.models import Attempt, Delivery
from etoile.hub.delivery.states import BLOCKING, REPLAYABLE, TRANSITIONS, DeliveryState
from tests.hub.engines import submit


def test_what_is_submitted_is_claimed_in_the_order_of_its_lane(lanes):
    ids = lanes.submit("a", "b", "a", "b", "a")
    claims = lanes.claim()
    assert [claim.id for claim in claims if claim.subject == "a"] == [ids[0], ids[2], ids[4]]
    assert [claim.id for claim in claims if claim.subject == "b"] == [ids[1], ids[3]]


def test_while_the_head_of_a_lane_fails_the_rest_waits_and_other_lanes_go_on(lanes):
    lanes.submit("a", "a", "b")
    first, second, other = sorted(lanes.claim(), key=lambda claim: claim.position)
    lanes.settle(first, state="retry_scheduled", delay=5.0)
    lanes.settle(second, state="pending")
    lanes.settle(other)
    assert lanes.states() == ["retry_scheduled", "pending", "acknowledged"]
    assert lanes.claim() == []
    lanes.later()
    assert [claim.number for claim in lanes.claim()] == [2, 1]


@pytest.mark.parametrize("state", ["rejected", "dead", "held"])
def test_what_waits_for_a_person_blocks_its_lane(lanes, state):
    lanes.submit("a")
    lanes.settle(*lanes.claim(), state=state)
    lanes.submit("a", "b")
    assert [claim.subject for claim in lanes.claim()] == ["b"]


def test_what_is_sent_and_waits_for_its_number_does_not_block(lanes):
    lanes.submit("a", "a")
    (head,) = lanes.claim(run=1)
    lanes.settle(head, state="sent")
    assert len(lanes.claim()) == 1


def traces(delivery):
    return [(each.number, each.worker, each.outcome) for each in tries.of(Delivery.objects.filter(pk=delivery))]


def test_the_lease_is_the_trace_of_the_try_until_its_result_is_written(lanes):
    (delivery,) = lanes.submit("a")
    (claim,) = lanes.claim(worker="somewhere")
    (under_way,) = tries.of(Delivery.objects.all())
    assert (under_way.pk, under_way.number, under_way.worker) == (None, 1, "somewhere")
    assert (under_way.started_at, under_way.finished_at) == (Delivery.objects.get().leased_at, None)
    lanes.settle(claim, outcome="acknowledged", http_status=204, message="Reçu.", detail="ok", took=1.5)
    (written,) = tries.of(Delivery.objects.all())
    assert written == Attempt.objects.get(delivery_id=delivery)
    assert (written.pk, written.number, written.worker) == (claim.attempt_id, 1, "somewhere")
    assert (written.outcome, written.http_status, written.detail) == ("acknowledged", 204, "Reçu. — ok")
    assert (written.pk.version, (written.finished_at - written.started_at).total_seconds()) == (7, 1.5)


def test_a_try_whose_length_nobody_measured_lasted_since_it_was_lent(lanes):
    lanes.submit("a")
    lanes.settle(*lanes.claim())
    assert Attempt.objects.get().started_at == Delivery.objects.get().leased_at


def test_a_try_that_was_cut_leaves_its_trace_when_it_is_taken_up_again(lanes):
    first, second, other = lanes.submit("a", "a", "b")
    (kept,) = [claim for claim in lanes.claim(worker="killed") if claim.id == other]
    lanes.settle(kept, outcome="acknowledged")
    lanes.later()
    lanes.claim(worker="other")
    for delivery in (first, second):
        assert traces(delivery) == [(1, "killed", "interrupted"), (2, "other", None)]
        assert Attempt.objects.get(delivery_id=delivery).finished_at is None
    assert traces(other) == [(1, "killed", "acknowledged")]


def test_a_late_answer_completes_its_own_attempt_and_nothing_else(lanes):
    (delivery,) = lanes.submit("a")
    (old,) = lanes.claim(worker="frozen")
    lanes.later()
    lanes.claim(worker="other")
    for _ in range(2):
        lanes.settle(old, state="dead", outcome="retry", http_status=503, message="Trop tard.")
        assert lanes.states() == ["leased"]
        assert traces(delivery) == [(1, "frozen", "retry"), (2, "other", None)]
    assert Attempt.objects.get().detail == "Trop tard."


def test_a_result_recorded_twice_is_one_attempt(lanes):
    (delivery,) = lanes.submit("a")
    (claim,) = lanes.claim()
    lanes.settle(claim, state="retry_scheduled", delay=60.0, outcome="retry")
    assert lanes.settle(claim, state="retry_scheduled", delay=60.0, outcome="retry") == frozenset()
    assert traces(delivery) == [(1, "w1", "retry")]


def test_a_delivery_closed_during_its_call_keeps_the_trace_of_it(lanes):
    (delivery,) = lanes.submit("a")
    (claim,) = lanes.claim()
    engine.cancel(lanes.cursor, [delivery], "en double")
    assert traces(delivery) == [(1, "w1", "interrupted")]
    lanes.settle(claim, outcome="acknowledged")
    assert traces(delivery) == [(1, "w1", "acknowledged")]
    assert lanes.states() == ["cancelled"]


def test_what_is_given_back_without_being_tried_leaves_no_attempt(lanes):
    lanes.submit("a", "a")
    first, second = lanes.claim()
    lanes.settle(first, state="retry_scheduled", delay=0.0)
    lanes.settle(second, state="pending")
    assert Delivery.objects.get(pk=second.id).attempts == 0
    assert not Attempt.objects.filter(delivery_id=second.id).exists()


def test_a_lease_that_ends_is_taken_up_and_the_old_worker_changes_nothing(lanes):
    lanes.submit("a")
    (old,) = lanes.claim(worker="killed")
    assert lanes.claim(worker="other") == []
    lanes.later()
    (new,) = lanes.claim(worker="other")
    assert (new.id, new.token, new.number) == (old.id, old.token + 1, 2)
    assert lanes.settle(old, state="dead") == frozenset()
    assert lanes.states() == ["leased"]
    assert lanes.settle(new) == {new.id}
    assert lanes.settle(old, state="dead") == frozenset()
    assert lanes.states() == ["acknowledged"]


def test_a_whole_run_left_by_a_killed_worker_is_taken_up_in_order(lanes):
    ids = lanes.submit("a", "a", "a")
    lanes.claim()
    lanes.later()
    assert [claim.id for claim in lanes.claim(worker="other")] == ids


def test_the_rest_of_a_long_run_left_by_a_killed_worker_does_not_hide_its_head(lanes):
    ids = lanes.submit(*["a"] * 20)
    lanes.claim(room=1)
    # Due at one moment, in whatever order the index holds them: here, the worst.
    lanes.cursor.execute("UPDATE delivery_delivery SET due = now() - make_interval(secs => position)")
    assert [claim.id for claim in lanes.claim(worker="other", room=1)] == ids


def test_a_lease_is_pushed_on_only_with_its_token(lanes):
    lanes.submit("a")
    (old,) = lanes.claim()
    lanes.later()
    (new,) = lanes.claim()
    assert engine.extend(lanes.cursor, [old, new], 60.0) == {new.id}


def test_each_subscription_has_its_own_room(lanes):
    lanes.submit(*[f"case/{number}" for number in range(50)], subscription=1)
    lanes.submit("late", subscription=2)
    claims = lanes.claim(subscriptions=(1, 2), room=3)
    assert [claim.subscription_id for claim in claims] == [1, 1, 1, 2]


def test_lanes_share_what_a_claim_may_take_before_any_goes_deep(lanes):
    lanes.submit(*[f"case/{number % 10}" for number in range(50)])
    claims = engine.claim(lanes.cursor, "w", [engine.Share(1, 100, True, 30.0)], most=20)
    assert sorted(claim.subject for claim in claims) == sorted(f"case/{number % 10}" for number in range(20))


def test_a_subscription_without_order_waits_for_nothing(lanes):
    items = [engine.NewDelivery(uuid7(), uuid7(), 1, 1, "a", ordered=False) for _ in range(3)]
    submit(lanes.cursor, items)
    claims = engine.claim(lanes.cursor, "w", [engine.Share(1, 2, False, 30.0)])
    lanes.settle(*claims, state="rejected")
    assert len(claims) == 2
    assert len(engine.claim(lanes.cursor, "w", [engine.Share(1, 2, False, 30.0)])) == 1


def test_the_next_of_a_lane_becomes_due_when_a_run_ends(lanes):
    lanes.submit(*["a"] * 25)
    run = lanes.claim()
    assert len(run) == 20
    assert lanes.claim() == []
    lanes.settle(*run)
    assert len(lanes.claim()) == 5


def test_what_is_held_leaves_only_when_it_is_released(lanes):
    lanes.submit("a", held=True)
    lanes.submit("b", "b")
    assert engine.hold(lanes.cursor, [1]) == 2
    assert lanes.claim() == []
    assert engine.release(lanes.cursor, [1]) == 3
    assert len(lanes.claim()) == 3


def test_what_is_held_in_doubt_is_not_released_with_the_rest(lanes):
    item = engine.NewDelivery(uuid7(), uuid7(), 1, 1, "a", held=True, doubtful=True)
    submit(lanes.cursor, [item])
    engine.release(lanes.cursor, [1])
    assert lanes.states() == ["held"]
    engine.replay(lanes.cursor, [item.id])
    assert [claim.id for claim in lanes.claim()] == [item.id]


def test_a_dead_delivery_is_sent_again_from_the_start_of_the_list(lanes):
    lanes.submit("a", "a")
    for _ in range(3):
        head, *rest = lanes.claim()
        lanes.settle(head, state="retry_scheduled", delay=0.0)
        lanes.settle(*rest, state="pending")
        lanes.later()
    head, *rest = lanes.claim()
    assert (head.number, head.tries) == (4, 4)
    lanes.settle(head, state="dead")
    lanes.settle(*rest, state="pending")
    assert [moved.state for moved in engine.replay(lanes.cursor, [head.id])] == ["dead"]
    again, following = lanes.claim()
    assert (again.id, again.number, again.tries) == (head.id, 5, 1)
    assert following.number == 1


def test_a_cancelled_head_lets_its_lane_go_on_and_its_late_answer_changes_nothing(lanes):
    lanes.submit("a", "a")
    head, second = lanes.claim()
    lanes.settle(second, state="pending")
    engine.cancel(lanes.cursor, [head.id], "en double")
    assert lanes.settle(head) == frozenset()
    assert [claim.id for claim in lanes.claim()] == [second.id]
    assert Delivery.objects.get(pk=head.id).detail == "en double"


def test_a_selection_takes_only_what_meets_every_criterion(lanes):
    lanes.submit("a", "b", subscription=1)
    lanes.submit("a", subscription=2)
    for claim in lanes.claim(subscriptions=(1, 2)):
        lanes.settle(claim, state="dead" if claim.subject == "a" else "rejected")
    chosen = Selection(subscription_id=1, states=[DeliveryState.DEAD])
    assert [moved.subject for moved in engine.select(lanes.cursor, chosen, REPLAYABLE, 10)] == ["a"]


def test_a_lane_left_standing_is_mended(lanes):
    lanes.submit("a", "b")
    lanes.cursor.execute("UPDATE delivery_delivery SET due = NULL")
    assert lanes.claim() == []
    assert engine.reconcile(lanes.cursor) == 2
    assert len(lanes.claim()) == 2


def test_the_depth_is_told_by_subscription_and_state(lanes):
    lanes.submit("a", "b", subscription=1)
    lanes.submit("a", subscription=2)
    lanes.settle(*lanes.claim(subscriptions=(2,)), state="sent")
    told = {each.subscription_id: each.by_state for each in engine.stats(lanes.cursor)}
    assert told == {1: {"pending": 2}, 2: {"sent": 1}}


def test_the_claim_walks_only_the_index_of_what_is_due(lanes):
    lanes.cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'delivery_delivery'")
    definitions = " ".join(row[0] for row in lanes.cursor.fetchall())
    assert "(subscription_id, due) WHERE (due IS NOT NULL)" in definitions
    lane = next(part for part in definitions.split("CREATE") if "(subscription_id, subject" in part)
    assert all(f"'{state.value}'" in lane for state in BLOCKING)


def test_every_state_has_its_transitions_and_what_is_over_moves_by_a_person_or_comes_back_refused():
    assert set(TRANSITIONS) == set(DeliveryState)
    assert TRANSITIONS[DeliveryState.CANCELLED] == {DeliveryState.PENDING}
    assert TRANSITIONS[DeliveryState.ACKNOWLEDGED] == {DeliveryState.PENDING, DeliveryState.REJECTED}


def test_what_moves_is_written_in_no_index_that_only_serves_to_search(lanes):
    """Each claim and each result writes every index a moving delivery is in: here are all of them."""
    moving = "state IN ('pending', 'leased', 'retry_scheduled')"
    lanes.cursor.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_expr(i.indpred, i.indrelid) FROM pg_index i"
        " WHERE i.indrelid = 'delivery_delivery'::regclass"
    )
    indexes, held = lanes.cursor.fetchall(), set()
    lanes.submit("a")
    for name, predicate in indexes:
        lanes.cursor.execute(f"SELECT count(*) FROM delivery_delivery WHERE {moving} AND ({predicate or 'true'})")
        held |= {name} if lanes.cursor.fetchone()[0] else set()
    assert held == {
        "delivery_delivery_pkey", "delivery_delivery_message", "delivery_delivery_due", "delivery_delivery_lane"
    }  # fmt: skip
