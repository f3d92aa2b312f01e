"""Any interleaving of what can befall deliveries, on both engines, against a model of ten lines per verb.

With NATS the claims go through a real server (relay, pull, lease), by one feed: what several workers do to each other
through the broker is shown by test_workers and test_broker, not here. The decisions of PostgreSQL's statements, which
both engines share, are searched with many more examples on the default engine.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from etoile.contract.identifiers import uuid7
from etoile.hub.delivery import engine
from etoile.hub.delivery.engine import NewDelivery, Result, Share
from etoile.hub.delivery.states import BLOCKING, CANCELLABLE, REPLAYABLE, TRANSITIONS
from etoile.hub.delivery.states import DeliveryState as State
from etoile.hub.worker.database import conninfo
from tests.hub.engines import Brought, Direct, empty, nats_engine, submit

SUBSCRIPTIONS = (1, 2)
SUBJECTS = ("a", "b")
NOW, LATER = "now", "later"
GOES_ON = (State.ACKNOWLEDGED, State.SENT)
ANSWERS = (*GOES_ON, State.RETRY_SCHEDULED, State.REJECTED, State.DEAD, State.HELD)
LEASE = 3600.0
RUN = 3


@dataclass
class Known:
    """A delivery as it must be. `due` is None, NOW or LATER; `decided`: a person moved it out of its turn."""

    id: UUID
    lane: tuple[int, str]
    state: State = State.PENDING
    due: str | None = None
    token: int = 0
    decided: bool = False

    @property
    def blocks(self):
        return self.state in BLOCKING

    @property
    def may_be_taken(self):
        return self.due == NOW and self.state in (State.PENDING, State.RETRY_SCHEDULED, State.LEASED)

    @property
    def may_follow(self):
        return (self.state == State.PENDING and self.due is None) or (self.state == State.LEASED and self.due == NOW)


@dataclass
class Model:
    """What the guarantees say, in the order of acceptance."""

    all: dict[UUID, Known] = field(default_factory=dict)

    def lane(self, lane):
        return [each for each in self.all.values() if each.lane == lane and each.blocks]

    def submit(self, delivery, lane, held):
        known = Known(delivery, lane, State.HELD if held else State.PENDING)
        known.due = NOW if not held and not self.lane(lane) else None
        self.all[delivery] = known

    def claimable(self, run):
        taken = []
        for subscription in SUBSCRIPTIONS:
            for subject in SUBJECTS:
                head, *rest = self.lane((subscription, subject)) or [None]
                if head is None or not head.may_be_taken:
                    continue
                taken.append(head)
                for each in rest[: run - 1]:
                    if not each.may_follow:
                        break
                    taken.append(each)
        return taken

    def lend(self, known):
        known.state, known.due, known.token = State.LEASED, LATER, known.token + 1

    def settle(self, claim, state):
        known = self.all[claim.id]
        counts = known.state == State.LEASED and known.token == claim.token
        if counts:
            known.state, known.due = state, LATER if state == State.RETRY_SCHEDULED else None
        self.promote(known.lane)
        return counts

    def promote(self, lane):
        head = next(iter(self.lane(lane)), None)
        if head and head.state == State.PENDING and head.due is None:
            head.due = NOW

    def decide(self, known, state, allowed):
        if known.state in allowed:
            known.state, known.due, known.token, known.decided = state, None, known.token + 1, True
            self.promote(known.lane)

    def hold(self, subscription):
        for each in self.all.values():
            if each.lane[0] == subscription and each.state in (State.PENDING, State.RETRY_SCHEDULED):
                each.state, each.due = State.HELD, None

    def release(self, subscription):
        released = [each for each in self.all.values() if each.lane[0] == subscription and each.state == State.HELD]
        for each in released:
            each.state, each.due = State.PENDING, None
        for lane in {(subscription, subject) for subject in SUBJECTS} if released else ():
            self.promote(lane)

    def time_passes(self):
        for each in self.all.values():
            each.due = NOW if each.due else None


class Deliveries(RuleBasedStateMachine):
    """`claims` lends as the engine under test does. A worker is a run in someone's hands: it calls in order."""

    claims = None

    def __init__(self):
        super().__init__()
        empty()
        self.connection = psycopg.connect(conninfo(), autocommit=True)
        self.cursor = self.connection.cursor()
        self.model = Model()
        self.hands = []
        self.lent = set()
        self.called = defaultdict(list)
        self.before = {}

    @rule(
        subscription=st.sampled_from(SUBSCRIPTIONS),
        subjects=st.lists(st.sampled_from(SUBJECTS), min_size=1, max_size=4),
    )
    def submit(self, subscription, subjects, held=False):
        items = [NewDelivery(uuid7(), uuid7(), subscription, 1, subject, held=held) for subject in subjects]
        submit(self.cursor, items)
        for item in items:
            self.model.submit(item.id, (subscription, item.subject), held)

    @rule(subscription=st.sampled_from(SUBSCRIPTIONS), subject=st.sampled_from(SUBJECTS))
    def submit_while_switched_off(self, subscription, subject):
        self.submit(subscription, [subject], held=True)

    @rule()
    def claim(self):
        expected = self.model.claimable(RUN)
        shares = [Share(each, 100, True, LEASE) for each in SUBSCRIPTIONS]
        claims = self.claims.claim("w", shares, run=RUN)
        assert [claim.id for claim in claims] == [known.id for known in sorted(expected, key=self._order)]
        for known in expected:
            self.model.lend(known)
        runs = defaultdict(list)
        for claim in claims:
            assert (claim.id, claim.token) not in self.lent, "two valid leases"
            assert claim.token == self.model.all[claim.id].token
            self.lent.add((claim.id, claim.token))
            runs[claim.lane].append(claim)
        for run in runs.values():
            self.hands.append(run)
            self._call(run[0])

    @precondition(lambda self: self.hands)
    @rule(which=st.integers(0, 50), state=st.sampled_from(ANSWERS))
    def answer(self, which, state):
        """What was called answers, in time or long after; what follows in the run is called, or given back."""
        run = self.hands[which % len(self.hands)]
        counted = self._settle(run.pop(0), state)
        if counted and state in GOES_ON and run and self._still_lent(run[0]):
            self._call(run[0])
            return
        while run:
            self._settle(run.pop(0), State.PENDING)
        self.hands = [each for each in self.hands if each]

    @precondition(lambda self: self.hands)
    @rule(which=st.integers(0, 50))
    def extend(self, which):
        run = self.hands[which % len(self.hands)]
        kept = engine.extend(self.cursor, run, LEASE)
        assert kept == {claim.id for claim in run if self._still_lent(claim)}
        for delivery in kept:
            self.model.all[delivery].due = LATER

    @rule()
    def time_passes(self):
        self.cursor.execute("UPDATE delivery_delivery SET due = now() - interval '1 second' WHERE due > now()")
        self.model.time_passes()

    @rule(subscription=st.sampled_from(SUBSCRIPTIONS))
    def hold(self, subscription):
        engine.hold(self.cursor, [subscription])
        self.model.hold(subscription)

    @rule(subscription=st.sampled_from(SUBSCRIPTIONS))
    def release(self, subscription):
        engine.release(self.cursor, [subscription])
        self.model.release(subscription)

    @precondition(lambda self: self.model.all)
    @rule(which=st.integers(0, 50))
    def replay(self, which):
        self._decide(which, State.PENDING, REPLAYABLE, engine.replay)

    @precondition(lambda self: self.model.all)
    @rule(which=st.integers(0, 50))
    def cancel(self, which):
        self._decide(which, State.CANCELLED, CANCELLABLE, lambda cursor, ids: engine.cancel(cursor, ids, "en double"))

    @rule()
    def reconcile(self):
        assert engine.reconcile(self.cursor) == 0, "a lane stood still"

    @invariant()
    def the_table_is_the_model(self):
        self.cursor.execute(
            "SELECT id, state, token, CASE WHEN due <= now() THEN 'now' WHEN due > now() THEN 'later' END"
            " FROM delivery_delivery ORDER BY position"
        )
        assert self.cursor.fetchall() == [
            (each.id, each.state.value, each.token, each.due) for each in self.model.all.values()
        ]

    @invariant()
    def states_follow_one_another_as_the_table_of_transitions_says(self):
        for each in self.model.all.values():
            was = self.before.get(each.id, each.state)
            assert was == each.state or self._reachable(was, each.state)
            self.before[each.id] = each.state

    @invariant()
    def the_first_call_of_each_is_in_order(self):
        for lane, called in self.called.items():
            in_turn = [each for each in dict.fromkeys(called) if not self.model.all[each].decided]
            assert in_turn == sorted(in_turn, key=lambda each: self._order(self.model.all[each])), lane

    def teardown(self):
        try:
            self._end()
        finally:
            self.cursor.close()
            self.connection.close()

    def _end(self):
        """Whatever happened, all of it ends when everything is let go and everything succeeds."""
        for subscription in SUBSCRIPTIONS:
            self.release(subscription)
        for number, known in enumerate(list(self.model.all.values())):
            if known.state in (State.REJECTED, State.DEAD, State.SENT):
                self.replay(number)
        for _ in range(len(self.model.all) + 1):
            if not any(each.blocks for each in self.model.all.values()):
                break
            self.time_passes()
            self.claim()
            while self.hands:
                self.answer(0, State.ACKNOWLEDGED)
        assert {each.state for each in self.model.all.values()} <= {State.ACKNOWLEDGED, State.CANCELLED}
        self.the_table_is_the_model()
        self.the_first_call_of_each_is_in_order()

    def _settle(self, claim, state):
        delay = LEASE if state == State.RETRY_SCHEDULED else None
        settled = engine.settle(self.cursor, [Result(claim, state, outcome="x", delay=delay)])
        counted = self.model.settle(claim, state)
        assert settled.deliveries == ({claim.id} if counted else frozenset())
        return counted

    def _decide(self, which, state, allowed, verb):
        known = list(self.model.all.values())[which % len(self.model.all)]
        verb(self.cursor, [known.id])
        self.model.decide(known, state, allowed)

    def _call(self, claim):
        self.called[claim.lane].append(claim.id)

    def _still_lent(self, claim):
        known = self.model.all[claim.id]
        return known.state == State.LEASED and known.token == claim.token

    def _order(self, known):
        return known.lane[0], list(self.model.all).index(known.id)

    def _reachable(self, was, state):
        """One verb may pass two transitions: a lease that is given back and the end of a lane's wait, say."""
        return state in TRANSITIONS[was] or any(state in TRANSITIONS[between] for between in TRANSITIONS[was])


EXAMPLES = {"postgres": (40, 30), "nats": (8, 25)}


@pytest.mark.django_db
@pytest.mark.parametrize("name", list(EXAMPLES))
def test_any_interleaving(name, request):
    examples, steps = EXAMPLES[name]
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        direct = name == "postgres"
        claims = Direct(connection.cursor()) if direct else Brought(nats_engine(request.getfixturevalue("nats_server")))
        machine = type("Machine", (Deliveries,), {"claims": claims})
        try:
            run_state_machine_as_test(
                machine,
                settings=settings(
                    max_examples=examples,
                    stateful_step_count=steps,
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                    phases=[phase for phase in Phase if phase != Phase.explain],
                ),
            )
        finally:
            if not direct:
                claims.close()
            empty()
