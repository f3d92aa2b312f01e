from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import transaction

from etoile.contract.schemas import example, violations
from etoile.hub.delivery import engine, handoff, publication
from etoile.hub.delivery.done import Done
from etoile.hub.delivery.engine import Share
from etoile.hub.delivery.judging import exhausted, given_back, result_of
from etoile.hub.delivery.models import Delivery, ExternalReference, Quarantined
from etoile.hub.delivery.settlement import settle, settle_alone
from etoile.hub.delivery.stored import UnreadableError, read
from etoile.hub.journal.models import Entry, Message
from etoile.hub.registry import directory
from etoile.hub.registry.models import Subscription
from etoile.hub.routing.services import accept
from etoile.sdk import Outcome, Returned
from tests.hub.delivery.conftest import HANDOFF, STATUS, SUBMITTED

RECEIVED = Returned("received", datetime(2026, 9, 1, tzinfo=UTC), business_code="ENR")


@pytest.fixture
def claimed(snapshot, cursor, submitted):
    """One request accepted from the GRU and claimed for the technical services: (claim, subscription, event)."""
    accept(cursor, submitted, application=snapshot.application("gru"), snapshot=snapshot)
    return claim_next(cursor, snapshot)


def claim_next(cursor, snapshot):
    subscription = snapshot.subscriptions_for(SUBMITTED)[0]
    (claim,) = engine.claim(cursor, "w", [Share(subscription.id, 1, True, 30.0)])
    return claim, subscription, read(claim.payload)


def done(claimed, outcome):
    claim, subscription, event = claimed
    return Done(result_of(outcome, claim, subscription), subscription, event, tuple(outcome.returned))


def messages(kind):
    return [
        read(payload) for payload in Message.objects.filter(type=kind).order_by("id").values_list("payload", flat=True)
    ]


def test_state_number_status_and_word_to_the_source_are_of_one_transaction(claimed, cursor, snapshot, monkeypatch):
    def broken(*_):
        raise RuntimeError("the process dies here")

    outcome = Outcome.acknowledged("DT-1", "Enregistrée.", [RECEIVED])
    with monkeypatch.context() as patch, pytest.raises(RuntimeError), transaction.atomic():
        patch.setattr(publication, "publish", broken)
        settle(cursor, [done(claimed, outcome)], snapshot)
    assert Delivery.objects.get().state == "leased"
    assert not ExternalReference.objects.exists()
    settle(cursor, [done(claimed, outcome)], snapshot)
    assert Delivery.objects.get(pk=claimed[0].id).state == "acknowledged"
    assert ExternalReference.objects.get().external_id == "DT-1"
    (status,), (told,) = messages(STATUS), messages(HANDOFF)
    assert (status.source, status.subject, status.data["external_id"]) == ("works", claimed[0].subject, "DT-1")
    assert (told.source, told.data["state"], told.data["message"]["source"]) == ("hub", "acknowledged", "gru")
    assert violations(status) == violations(told) == []


def test_the_late_answer_of_an_old_worker_says_nothing_either(claimed, cursor, snapshot):
    cursor.execute("UPDATE delivery_delivery SET due = now() - interval '1 second'")
    claim_next(cursor, snapshot)
    settled = settle(cursor, [done(claimed, Outcome.acknowledged("DT-1", returned=[RECEIVED]))], snapshot)
    assert settled.deliveries == frozenset()
    assert not messages(STATUS) and not messages(HANDOFF) and not ExternalReference.objects.exists()


def test_the_same_status_brought_back_by_a_replay_is_one_event(claimed, cursor, snapshot):
    outcome = Outcome.acknowledged("DT-1", returned=[RECEIVED])
    settle(cursor, [done(claimed, outcome)], snapshot)
    engine.replay(cursor, [claimed[0].id])
    settle(cursor, [done(claim_next(cursor, snapshot), outcome)], snapshot)
    assert len(messages(STATUS)) == 1


def test_the_source_hears_of_the_first_retry_and_of_the_end_only(claimed, cursor, snapshot):
    Subscription.objects.filter(slug="works-submitted").update(policy={"delays": [0, 0, 0]})
    snapshot, turn = directory.current(cursor), claimed
    for _ in range(3):
        claim, _, event = turn
        turn = (claim, snapshot.subscription(claim.subscription_id), event)
        settle(cursor, [done(turn, Outcome.retry("en panne"))], snapshot)
        if Delivery.objects.filter(state="dead").exists():
            break
        turn = claim_next(cursor, snapshot)
    assert [told.data["state"] for told in messages(HANDOFF)] == ["waiting", "dead"]
    assert Entry.objects.filter(kind="delivery.dead", delivery_id=claimed[0].id).count() == 1


def test_only_who_asked_is_told_and_never_of_its_own_news(snapshot):
    assert handoff.is_told("gru", snapshot)
    assert not handoff.is_told("works", snapshot)
    assert not handoff.is_told("hub", snapshot)


def test_a_status_the_contract_refuses_is_written_in_the_journal_and_the_rest_counts(claimed, cursor, snapshot):
    too_long = Returned("received", datetime(2026, 9, 1, tzinfo=UTC), message="x" * 6000)
    settle(cursor, [done(claimed, Outcome.acknowledged("DT-1", returned=[too_long]))], snapshot)
    assert Delivery.objects.get(pk=claimed[0].id).state == "acknowledged"
    assert not messages(STATUS)
    assert Entry.objects.get(kind="status.refused").delivery_id == claimed[0].id


def test_the_last_resort_records_the_result_and_what_could_not_be_said(claimed, cursor, snapshot):
    settle_alone(cursor, done(claimed, Outcome.acknowledged(returned=[RECEIVED])), snapshot, ValueError("x"))
    assert Delivery.objects.get().state == "acknowledged"
    assert Entry.objects.get(kind="status.refused").detail["why"] == "ValueError"
    assert Quarantined.objects.get().content["status"]["status"] == "received"


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Outcome.acknowledged(), "acknowledged"),
        (Outcome.accepted("reçu"), "sent"),
        (Outcome.retry("panne"), "retry_scheduled"),
        (Outcome.fix_data("champ"), "rejected"),
        (Outcome.fix_configuration("adresse"), "rejected"),
        (Outcome.business_no("hors délai"), "rejected"),
        (Outcome.manual("à voir"), "rejected"),
    ],
)
def test_each_outcome_has_its_state(claimed, outcome, state):
    claim, subscription, _ = claimed
    assert result_of(outcome, claim, subscription).state == state


def test_what_an_application_says_fits_the_database(claimed):
    claim, subscription, _ = claimed
    result = result_of(Outcome.fix_data("a\x00b" + "x" * 5000), claim, subscription)
    assert result.message.startswith("abx") and len(result.message) == 2000


def test_a_delivery_that_kills_its_worker_each_time_comes_to_an_end(claimed):
    claim, subscription, _ = claimed
    assert not exhausted(claim, subscription)
    assert exhausted(replace(claim, tries=100), subscription)
    assert given_back(claim).state == "pending"


def test_a_message_of_the_journal_is_read_as_it_was_accepted():
    event = example(SUBMITTED)
    assert read(event.to_json().decode()) == event
    for broken in (None, "", "[]", "{}", '{"time": "hier"}'):
        with pytest.raises(UnreadableError):
            read(broken)
