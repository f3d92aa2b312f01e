"""The account of a test: what was answered 202, what the hub has, what the receiver heard. It must balance."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date

import psycopg
from django.db import connections

from etoile.contract.identifiers import time_of
from tests.crashes.machine import Machine
from tests.crashes.publisher import Publisher
from tests.crashes.receiver import Arrival, Receiver

# One line per event: what a 202 promises is all there, or the event is not there at all.
KEPT = """
SELECT k.event_id, m.id::text, m.subject, m.sequence, m.state,
       (SELECT count(*) FROM journal_entry e WHERE e.message_id = m.id AND e.kind = 'message.accepted'),
       (SELECT count(*) FROM delivery_delivery d WHERE d.message_id = m.id)
FROM journal_message m FULL JOIN journal_message_key k ON k.message_id = m.id
WHERE (m.subject = ANY(%s) AND m.source = 'gru') OR k.event_id = ANY(%s)
"""
DELIVERIES = """
SELECT '/' || s.slug, m.event_id, d.subject, m.sequence, d.state, d.attempts, d.position,
       (SELECT count(*) FROM delivery_attempt a WHERE a.delivery_id = d.id)
FROM delivery_delivery d
JOIN journal_message m ON m.id = d.message_id
JOIN registry_subscription s ON s.id = d.subscription_id
WHERE d.subject = ANY(%s) AND m.source = 'gru' ORDER BY d.position
"""


# Applications that keep their own books: the one that takes, and the one that is asked.
ELSEWHERE = {"/counter", "/office"}


@dataclass
class Account:
    """`heard`: every request of these cases, in the order of arrival. `states`: deliveries by state."""

    machine: Machine
    publisher: Publisher
    receiver: Receiver
    takers: int = 1
    states: Counter[str] = field(default_factory=Counter)
    acknowledged: set[tuple[str, str]] = field(default_factory=set)
    tries: Counter[tuple[str, str]] = field(default_factory=Counter)

    def balance(self) -> "Account":
        """Everything a crash may not break. Returns itself: how many are in each state is for the test to judge."""
        self._accepted()
        self._deliveries()
        self._heard()
        self._reconciled()
        return self

    @property
    def heard(self) -> list[Arrival]:
        mine = {each.id for each in self.publisher.events}
        return [each for each in list(self.receiver.arrivals) if each.id in mine]

    @property
    def repeats(self) -> int:
        """Requests beyond the first for the same receiver and key: what a receiver must bear."""
        return len(self.heard) - len({(each.path, each.key) for each in self.heard})

    def _accepted(self) -> None:
        events = {each.id: each for each in self.publisher.events}
        told = self.publisher.answers.accepted
        assert set(told) == set(events), "not every event was answered 202"
        kept = self.machine.query(KEPT, self.publisher.subjects, list(events))
        assert len(kept) == len(events), "the hub has not each accepted event exactly once"
        for event_id, message_id, subject, sequence, state, entries, deliveries in kept:
            assert message_id in {each.message_id for each in told[event_id]}, f"{event_id}: another message"
            assert len({each.message_id for each in told[event_id]}) == 1, f"{event_id}: told two identifiers"
            assert sum(not each.duplicate for each in told[event_id]) <= 1, f"{event_id}: accepted twice"
            assert (subject, sequence) == (events[event_id].subject, events[event_id].sequence)
            assert (state, entries, deliveries) == ("routed", 1, self.takers), f"{event_id} is half written"

    def _deliveries(self) -> None:
        order: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.acknowledged.clear()
        self.tries.clear()
        self.states.clear()
        for path, event_id, subject, sequence, state, attempts, _, written in self.machine.query(
            DELIVERIES, self.publisher.subjects
        ):
            order[path, subject].append(sequence)
            self.states[state] += 1
            # The try in progress has no row yet: its lease is its trace.
            assert written == attempts - (state == "leased"), f"{event_id}: {attempts} tries, {written} rows"
            self.tries[path, event_id] = attempts
            if state == "acknowledged":
                self.acknowledged.add((path, event_id))
        assert all(each == sorted(each) for each in order.values()), "a lane is not in the order of acceptance"
        assert self.states.total() == len(self.publisher.events) * self.takers

    def _heard(self) -> None:
        """What the receiver says of it: nothing acknowledged that it has not written, in order, no second identity."""
        ours = [(path, each) for (path, _), each in self.receiver.written.items()]
        mine = {each.id for each in self.publisher.events}
        written = [(path, each) for path, each in ours if each.id in mine]
        called = {(path, id) for path, id in self.acknowledged if path not in ELSEWHERE}
        assert called <= {(path, each.id) for path, each in written}, "acknowledged, and not written at the receiver"
        identity: dict[tuple[str, str, int | None], tuple[str, str, str]] = {}
        for each in self.heard:
            known = identity.setdefault((each.path, each.subject, each.sequence), (each.key, each.id, each.content))
            assert known == (each.key, each.id, each.content), "the same message under two identities"
        keys = [(path, key) for (path, _, _), (key, _, _) in identity.items()]
        assert len(keys) == len(set(keys)), "two messages under one idempotency key"
        in_order([(each.path, each) for each in first(self.heard)], "heard")
        in_order(written, "written")
        calls = Counter((each.path, each.id) for each in self.heard)
        assert all(number <= self.tries[call] for call, number in calls.items()), (
            "a call without an attempt written before it"
        )

    def _reconciled(self) -> None:
        """The hub's own reconciliation agrees, for all that this database ever accepted."""
        from etoile.hub.reconciliation import services  # noqa: PLC0415 (Django is set up by the machine)

        connections.close_all()
        for day in self._days():
            with psycopg.connect(self.machine.stack.environment["HUB_DATABASE_URL"]) as connection:
                report = services.run(connection, day)
            rows = services.rows(report)
            connections.close_all()
            assert (report.differences, report.entries) == (0, report.messages), f"{day}: {report.differences} off"
            for row in rows:
                states = sum(getattr(row, state) for state in STATES)
                assert row.accepted == states, f"{row.subscription}: {row.accepted} accepted, {states} accounted for"

    def sealed(self) -> int:
        """Seal what was written since the last time, then prove the whole. Returns how many entries are under seals."""
        from etoile.hub.journal import seals, verification  # noqa: PLC0415

        with psycopg.connect(self.machine.stack.environment["HUB_DATABASE_URL"]) as connection:
            seals.seal(connection)
            connection.commit()
            verdict = verification.verify(connection)
        assert verdict.ok, f"the journal is broken: {verdict.broken}"
        return verdict.entries

    def _days(self) -> list[date]:
        """Those of the keys: what reconciliation goes by."""
        rows = self.machine.query("SELECT id FROM journal_message WHERE subject = ANY(%s)", self.publisher.subjects)
        return sorted({time_of(key).date() for (key,) in rows})


STATES = ("acknowledged", "pending", "leased", "retry_scheduled", "sent", "rejected", "dead", "held", "cancelled")


def first(arrivals: list[Arrival]) -> list[Arrival]:
    """Each message the first time it came."""
    seen: set[tuple[str, str]] = set()
    return [each for each in arrivals if (each.path, each.key) not in seen and not seen.add((each.path, each.key))]


def in_order(arrivals: list[tuple[str, Arrival]], verb: str) -> None:
    lanes: dict[tuple[str, str], list[int | None]] = defaultdict(list)
    for path, each in arrivals:
        lanes[path, each.subject].append(each.sequence)
    wrong = {lane: order for lane, order in lanes.items() if order != sorted(order)}
    assert not wrong, f"{verb} out of order: {wrong}"
