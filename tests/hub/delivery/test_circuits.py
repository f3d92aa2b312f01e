"""The circuit of a subscription: what opens it, the one probe at a time, what closes it, in any order of things."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import example as played
from hypothesis import strategies as st

from etoile.contract.identifiers import uuid7
from etoile.contract.schemas import example
from etoile.hub.delivery import circuits, engine
from etoile.hub.delivery.admission import admit, burst, filled, unused
from etoile.hub.delivery.circuits import Circuit, Said, Verdict, after, verdict
from etoile.hub.delivery.done import Done
from etoile.hub.delivery.engine import Share
from etoile.hub.delivery.judging import result_of
from etoile.hub.delivery.models import Delivery
from etoile.hub.delivery.reasons import ReasonMissingError
from etoile.hub.delivery.settlement import settle
from etoile.hub.journal.models import Entry
from etoile.hub.registry import directory
from etoile.hub.registry.directory import CircuitPolicy
from etoile.hub.registry.models import Subscription
from etoile.hub.routing.services import accept
from etoile.sdk import Outcome
from tests.hub.delivery.conftest import SUBMITTED
from tests.hub.worker.conftest import type_of

NOW = datetime(2026, 9, 2, 8, tzinfo=UTC)
POLICY = CircuitPolicy(failures=3, pause=30, longest=100)
DOWN = Outcome.retry("ne répond pas", detail="connection")


class TestWhatAResultSays:
    @pytest.mark.parametrize(
        ("outcome", "said"),
        [
            (Outcome.acknowledged("N-1"), Verdict.ALIVE),
            (Outcome.accepted("pris"), Verdict.ALIVE),
            (DOWN, Verdict.DOWN),
            (Outcome.retry("x", detail="HTTP 503", http_status=503), Verdict.DOWN),
            (Outcome.retry("x", 60, detail="HTTP 429", http_status=429), Verdict.DOWN),
            (Outcome.retry("page d'un pare-feu", detail="HTTP 200", http_status=200), Verdict.DOWN),
            (Outcome.retry("x", 5, detail="HTTP 409", http_status=409), Verdict.ALIVE),
            (Outcome.retry("le hub s'arrête", detail=circuits.STOPPED), Verdict.SILENT),
            (Outcome.retry("la pièce manque", detail=circuits.DOCUMENT), Verdict.SILENT),
            (Outcome.fix_data("champ", http_status=422), Verdict.ALIVE),
            (Outcome.fix_data("message illisible"), Verdict.SILENT),
            (Outcome.business_no("non", http_status=200), Verdict.ALIVE),
            (Outcome.fix_configuration("clé", "HTTP 401", http_status=401), Verdict.REFUSING),
            (Outcome.fix_configuration("ailleurs", "HTTP 302", http_status=302), Verdict.REFUSING),
            (Outcome.fix_configuration("adresse refusée", "refused_address"), Verdict.REFUSING),
            (Outcome.fix_configuration("accès", "HTTP 403", http_status=403), Verdict.DOUBTFUL),
            (Outcome.fix_configuration("adresse", "HTTP 404", http_status=404), Verdict.DOUBTFUL),
            (Outcome.fix_configuration("champs", "mapping: no such key"), Verdict.DOUBTFUL),
        ],
    )
    def test_it_says_it(self, cases, outcome, said):
        (claim,) = cases.claim(1)
        assert verdict(result_of(outcome, claim, cases.view)) == said


class TestTransitions:
    def follow(self, *steps, circuit=None):
        circuit = circuit or Circuit(1)
        for step in steps:
            circuit = after(circuit, step, POLICY, now=NOW)
        return circuit

    def test_it_opens_at_the_last_of_several_failures_in_a_row(self):
        two = self.follow(*[Said(Verdict.DOWN, uuid7()) for _ in range(2)])
        assert (two.state, two.failures) == ("closed", 2)
        three = self.follow(Said(Verdict.DOWN, uuid7()), circuit=two)
        assert (three.state, three.reason, three.next_probe) == ("open", "unavailable", NOW + timedelta(seconds=30))

    def test_an_answer_between_two_failures_starts_the_count_again(self):
        down, alive = partial(Said, Verdict.DOWN), partial(Said, Verdict.ALIVE)
        steps = [down(uuid7()), down(uuid7()), alive(uuid7()), down(uuid7()), down(uuid7())]
        assert self.follow(*steps).state == "closed"

    def test_one_message_that_fails_again_and_again_does_not_stop_the_others(self):
        one = Said(Verdict.DOWN, uuid7())
        assert self.follow(*[one] * 20).failures == 1

    def test_a_refused_key_opens_at_once_unless_the_same_message_meets_it_alone(self):
        one = Said(Verdict.REFUSING, uuid7())
        opened = self.follow(one)
        assert (opened.state, opened.reason) == ("open", "configuration")
        mended = self.follow(Said(Verdict.ALIVE, uuid7()), circuit=opened)
        assert self.follow(one, circuit=mended).state == "closed"
        assert self.follow(Said(Verdict.REFUSING, uuid7()), circuit=mended).state == "open"

    def test_the_longest_time_asked_for_is_waited(self):
        asked = [Said(Verdict.DOWN, uuid7(), retry_after=seconds) for seconds in (10, 10, 500, 200, 90_000_000)]
        opened = self.follow(*asked[:3])
        assert opened.next_probe == NOW + timedelta(seconds=500)
        assert self.follow(asked[3], circuit=opened).next_probe == NOW + timedelta(seconds=500)
        assert self.follow(asked[4], circuit=opened).next_probe == NOW + timedelta(days=1)

    def test_the_pause_grows_up_to_the_longest_at_each_probe_that_fails(self):
        circuit = self.follow(*[Said(Verdict.DOWN, uuid7()) for _ in range(3)])
        waits = []
        for token in range(1, 4):
            circuit = replace(circuit, state="half_open", probe_token=token, probe_until=NOW + timedelta(seconds=60))
            circuit = self.follow(Said(Verdict.DOWN, uuid7(), probe=token), circuit=circuit)
            waits.append((circuit.next_probe - NOW).total_seconds())
        assert waits == [60, 100, 100]

    def test_a_late_failure_neither_ends_the_probe_nor_lengthens_the_pause(self):
        circuit = self.follow(*[Said(Verdict.DOWN, uuid7()) for _ in range(3)])
        probing = replace(circuit, state="half_open", probe_token=4, probe_until=NOW + timedelta(seconds=60))
        for late in (Said(Verdict.DOWN, uuid7()), Said(Verdict.DOWN, uuid7(), probe=3)):
            assert self.follow(late, circuit=probing) == probing

    def test_without_a_circuit_nothing_ever_opens(self):
        circuit = Circuit(1)
        for _ in range(50):
            circuit = after(circuit, Said(Verdict.REFUSING, uuid7()), CircuitPolicy(failures=0), now=NOW)
        assert circuit == Circuit(1)


class Cases:
    """A subscription with deliveries of their own lanes, and the workers that serve it, by the doors they use."""

    def __init__(self, cursor, **policy):
        Subscription.objects.filter(slug="works-submitted").update(
            policy={"circuit": {"failures": 3, "pause": 30, "longest": 100}, **policy}
        )
        self.cursor = cursor
        self.snapshot = directory.current(cursor)
        (self.view,) = [each for each in self.snapshot.subscriptions.values() if each.slug == "works-submitted"]
        self.submit(12)

    def submit(self, number):
        for _ in range(number):
            event = type_of(example(SUBMITTED), f"case/{uuid7()}", 1, "gru")
            accept(self.cursor, event, application=self.snapshot.application("gru"), snapshot=self.snapshot)

    def admit(self, room=4):
        share = Share(self.view.id, room, True, 30.0)
        return admit(self.cursor, [share], self.snapshot.subscriptions, version=self.snapshot.version)

    def claim(self, room=4, admitted=None):
        admitted = admitted or self.admit(room)
        claims = engine.claim(self.cursor, "w", admitted.shares) if admitted.shares else []
        unused(self.cursor, admitted, claims)
        self.tokens = {claim.id: admitted.probes.get(self.view.id) for claim in claims}
        return claims

    def answer(self, claims, outcome, tokens=None):
        tokens = tokens or self.tokens
        done = [
            Done(result_of(outcome, claim, self.view), self.view, None, probe=tokens.get(claim.id)) for claim in claims
        ]
        return settle(self.cursor, done, self.snapshot)

    @property
    def circuit(self):
        return circuits.all(self.cursor).get(self.view.id)

    def pause_over(self):
        self.cursor.execute("UPDATE delivery_circuit SET next_probe = now() - interval '1 s' WHERE state <> 'closed'")

    def leases_over(self):
        self.cursor.execute(
            "UPDATE delivery_circuit SET probe_until = now() - interval '1 s' WHERE probe_until > now()"
        )
        self.cursor.execute(
            "UPDATE delivery_delivery SET due = now() - interval '1 s', lease_until = now() - interval '1 s'"
            " WHERE state = 'leased'"
        )

    def states(self):
        return set(Delivery.objects.filter(subscription_id=self.view.id).values_list("state", flat=True))


@pytest.fixture
def cases(star, cursor):
    return Cases(cursor)


class TestADeadApplication:
    @pytest.mark.exigence("ASVS 16.5.2")
    def test_nothing_is_claimed_while_it_is_open_and_no_try_is_lost(self, cases):
        cases.answer(cases.claim(4), DOWN)
        assert (cases.circuit.state, cases.circuit.reason) == ("open", "unavailable")
        assert cases.admit().shares == []
        tries = [each.attempts - each.tries_from for each in Delivery.objects.filter(attempts=1)]
        # The failures that did not open it count; the one that did, and those that came after it, do not.
        assert sorted(tries) == [0, 0, 1, 1]
        assert Entry.objects.filter(kind="circuit.opened").count() == 1

    def test_one_probe_leaves_after_the_pause_whoever_asks(self, cases):
        cases.answer(cases.claim(4), DOWN)
        cases.pause_over()
        (probe,) = cases.claim(4)
        assert cases.circuit.state == "half_open"
        assert cases.claim(4) == []
        assert cases.tokens == {}
        assert probe.number == 1

    def test_a_probe_that_fails_opens_it_again_for_longer_and_is_not_counted(self, cases):
        cases.answer(cases.claim(3), DOWN)
        for expected in (2, 3, 4):
            cases.pause_over()
            cases.answer(cases.claim(), DOWN)
            assert cases.circuit.openings == expected
        assert cases.claim() == []
        assert max(each.attempts - each.tries_from for each in Delivery.objects.all()) == 1
        assert Entry.objects.filter(kind="circuit.opened").count() == 1

    def test_a_probe_that_passes_closes_it_and_everything_leaves_at_once(self, cases):
        cases.answer(cases.claim(4), DOWN)
        cases.pause_over()
        settled = cases.answer(cases.claim(), Outcome.acknowledged())
        assert settled.woken == {cases.view.id}
        assert cases.circuit is None
        # What had failed does not wait for its own delay: 12 in all, one of them received.
        assert len(cases.claim(100)) == 11
        assert Entry.objects.get(kind="circuit.closed").detail == {
            "subscription": "works-submitted",
            "reason": "unavailable",
        }

    def test_a_killed_prober_leaves_its_place_when_its_lease_ends(self, cases):
        cases.answer(cases.claim(4), DOWN)
        cases.pause_over()
        killed = cases.claim()
        assert len(killed) == 1 and cases.claim() == []
        cases.leases_over()
        assert len(cases.claim()) == 1
        # The first one was only slow: it answers late, and that is news of the application all the same.
        cases.answer(killed, Outcome.acknowledged(), tokens={killed[0].id: 1})
        assert cases.circuit is None

    def test_a_worker_killed_between_its_probe_and_its_claim_blocks_for_no_longer(self, cases):
        cases.answer(cases.claim(4), DOWN)
        cases.pause_over()
        assert cases.admit().probes
        assert cases.admit().probes == {}
        cases.leases_over()
        assert cases.admit().probes

    def test_even_the_last_try_of_a_delivery_waits_for_the_application(self, cases):
        Subscription.objects.filter(slug="works-submitted").update(
            policy={"delays": [0], "circuit": {"failures": 3, "pause": 30}}
        )
        cases.snapshot = directory.current(cases.cursor)
        cases.view = cases.snapshot.subscription(cases.view.id)
        cases.answer(cases.claim(6), DOWN)
        assert sorted(Delivery.objects.filter(attempts=1).values_list("state", flat=True)) == [
            *["dead"] * 2,
            *["retry_scheduled"] * 4,
        ]

    def test_when_all_that_waits_has_its_own_delay_one_of_them_is_the_probe(self, cases):
        cases.cursor.execute("DELETE FROM delivery_delivery WHERE id NOT IN (SELECT id FROM delivery_delivery LIMIT 3)")
        cases.answer(cases.claim(3), DOWN)
        cases.pause_over()
        assert len(cases.claim()) == 1

    def test_with_nothing_to_send_no_probe_is_taken(self, cases):
        cases.answer(cases.claim(3), DOWN)
        cases.pause_over()
        cases.cursor.execute("UPDATE delivery_delivery SET state = 'held', due = NULL WHERE state <> 'acknowledged'")
        assert cases.admit().probes == {}
        assert cases.circuit.state == "open"

    def test_a_person_closes_it_with_a_reason(self, cases):
        cases.answer(cases.claim(4), DOWN)
        with pytest.raises(ReasonMissingError):
            circuits.close(cases.view.id, actor="lea@example.org", reason=" ")
        assert circuits.close(cases.view.id, actor="lea@example.org", reason="redémarrée") is True
        assert circuits.close(cases.view.id, actor="lea@example.org", reason="redémarrée") is False
        entry = Entry.objects.get(kind="circuit.closed")
        assert (entry.actor, entry.detail["reason"]) == ("lea@example.org", "redémarrée")
        assert len(cases.claim(100)) == 12


class TestAWrongSetting:
    def test_an_expired_key_pauses_the_subscription_and_refuses_nothing(self, cases):
        cases.answer(cases.claim(4), Outcome.fix_configuration("clé refusée", "HTTP 401", http_status=401))
        assert (cases.circuit.reason, cases.circuit.words) == ("configuration", "clé refusée")
        assert cases.states() == {"pending", "retry_scheduled"}
        assert all(each.attempts == each.tries_from for each in Delivery.objects.filter(attempts=1))

    def test_a_change_of_the_registry_is_tried_at_once(self, cases):
        cases.answer(cases.claim(4), Outcome.fix_configuration("clé refusée", "HTTP 401", http_status=401))
        assert cases.claim() == []
        Subscription.objects.filter(slug="works-submitted").update(configuration={"answer": "new key"})
        cases.snapshot = directory.current(cases.cursor)
        cases.answer(cases.claim(), Outcome.acknowledged())
        assert len(cases.claim(100)) == 11

    def test_a_message_alone_refused_is_put_aside_at_its_second_try(self, cases):
        alone = Outcome.fix_configuration("adresse inconnue", "HTTP 404", http_status=404)
        (claim,) = cases.claim(1)
        cases.answer([claim], alone)
        assert Delivery.objects.get(pk=claim.id).state == "retry_scheduled"
        cases.answer(cases.claim(4), Outcome.acknowledged())
        cases.cursor.execute("UPDATE delivery_delivery SET due = now() WHERE state = 'retry_scheduled'")
        again = [each for each in cases.claim(100) if each.id == claim.id]
        cases.answer(again, alone)
        assert Delivery.objects.get(pk=claim.id).state == "rejected"
        assert cases.circuit is None


class TestARate:
    def test_what_may_leave_grows_with_the_time_up_to_a_second_of_it(self):
        assert (burst(60), burst(600), burst(6)) == (1, 10, 1)
        assert [filled(0, seconds, 600) for seconds in (0, 0.5, 1, 60)] == [0, 5, 10, 10]
        assert filled(0, 5, 6) == 0.5

    def test_workers_share_it_and_one_is_told_when_to_come_back(self, star, cursor):
        cases = Cases(cursor, rate=120)
        cursor.execute("INSERT INTO delivery_rate (subscription_id, tokens) VALUES (%s, 2)", [cases.view.id])
        first, second = cases.admit(1), cases.admit(1)
        third = cases.admit(1)
        assert [len(each.shares) for each in (first, second, third)] == [1, 1, 0]
        assert 0 < third.waits[cases.view.id] <= 0.5

    def test_a_delivery_is_counted_and_not_a_lane(self, star, cursor):
        cases = Cases(cursor, rate=120)
        event = type_of(example(SUBMITTED), "case/long", 1, "gru")
        for number in range(5):
            one = type_of(event, "case/long", number, "gru")
            accept(cursor, one, application=cases.snapshot.application("gru"), snapshot=cases.snapshot)
        cursor.execute("INSERT INTO delivery_rate (subscription_id, tokens) VALUES (%s, 2)", [cases.view.id])
        assert len(cases.claim(100)) == 2

    def test_what_was_reserved_for_nothing_is_given_back(self, star, cursor):
        cases = Cases(cursor, rate=600)
        cursor.execute("INSERT INTO delivery_rate (subscription_id, tokens) VALUES (%s, 10)", [cases.view.id])
        cursor.execute("UPDATE delivery_delivery SET due = NULL WHERE state = 'pending'")
        assert cases.claim(8) == []
        cursor.execute("SELECT tokens FROM delivery_rate")
        assert cursor.fetchone()[0] >= 10


OFTEN = ["claim"] * 4 + ["pause"] * 3 + ["refuse", "fail"] * 2
ACTIONS = st.lists(
    st.sampled_from([*OFTEN, "pass", "silent", "lease", "close", "late"]),
    min_size=20,
    max_size=40,
)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=ACTIONS)
@played(actions=["claim"] * 13 + ["refuse", "pause", "claim", "pass", "refuse", "pause", "claim"])
def test_whatever_the_order_one_probe_at_a_time_and_nothing_dies_of_a_dead_application(star, actions):
    outcomes = {
        "pass": Outcome.acknowledged(),
        "fail": DOWN,
        "refuse": Outcome.fix_configuration("clé", "HTTP 401", http_status=401),
        "silent": Outcome.retry("pièce", detail=circuits.DOCUMENT),
    }
    with connection.cursor() as cursor, transaction.atomic():
        undo = transaction.savepoint()
        cases, flying, lapsed = Cases(cursor), [], []
        for action in actions:
            before = cases.circuit
            if before is None:
                # Closed meanwhile: what tried the application for it is a delivery as any other.
                flying = [(claim, token, False) for claim, token, _ in flying]
            if action == "claim":
                claims = cases.claim(2)
                probing = [each for each in flying if each[2] and before]
                if before is not None:
                    assert len(claims) <= 1 and not (claims and probing)
                flying += [(claim, token, before is not None) for claim in claims for token in [cases.tokens[claim.id]]]
            elif action in outcomes and flying:
                claim, token, _ = flying.pop(0)
                cases.answer([claim], outcomes[action], tokens={claim.id: token})
                if action == "pass":
                    assert cases.circuit is None
            elif action == "late" and lapsed:
                claim, token, _ = lapsed.pop(0)
                cases.answer([claim], DOWN, tokens={claim.id: token})
            elif action == "pause":
                cases.pause_over()
            elif action == "lease":
                cases.leases_over()
                lapsed, flying = lapsed + flying, []
            elif action == "close":
                circuits.close(cases.view.id, actor="test", reason="test")
            assert not cases.states() & {"dead", "held"}
            known = cases.circuit
            assert known is None or (known.state == "half_open") == (known.probe_until is not None)
        transaction.savepoint_rollback(undo)
