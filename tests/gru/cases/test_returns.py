"""What applications say of a case: the newest word is followed, the others are kept."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from etoile.gru.cases import actors, queries, returns, services
from etoile.gru.cases.models import Handoff
from etoile.gru.notices.models import Notice
from etoile.gru.outbox.models import OutgoingEvent

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def say(case, status, *, sequence=None, minutes=0, **more):
    word = returns.Word("services-techniques", status, NOW + timedelta(minutes=minutes), sequence=sequence, **more)
    return returns.record_business_status(case.pk, word, application="Services techniques")


def handoff(case, state, *, minutes=0, delivery="d-1", **more):
    return returns.record_handoff(
        case.pk,
        delivery=delivery,
        message_type="org.etoile.case.submitted.v1",
        application="services-techniques",
        application_name="Services techniques",
        state=state,
        occurred_at=NOW + timedelta(minutes=minutes),
        **more,
    )


@pytest.mark.parametrize(
    ("status", "state", "substate"),
    [
        ("received", "submitted", ""),
        ("in_progress", "in_progress", ""),
        ("more_information_needed", "in_progress", "documents_asked"),
        ("payment_due", "in_progress", "payment_due"),
        ("transferred", "in_progress", "transferred"),
        ("accepted", "accepted", ""),
        ("refused", "refused", ""),
        ("closed", "closed", ""),
        ("withdrawn", "withdrawn", ""),
    ],
)
def test_each_word_of_the_contract_moves_the_case_as_the_table_says(town, status, state, substate):
    case = town.submit()
    assert say(case, status, code="42", label="Planifié", external_id="ATAL-9").applied
    case = town.case(case)
    assert (case.state, case.substate, case.business_label) == (state, substate, "Planifié")
    assert case.positions.get().external_id == "ATAL-9"
    assert queries.chain_is_whole(case)


def test_what_the_agents_wait_for_stays_awaited_when_an_application_goes_on(town):
    case = town.submit()
    services.ask_document(case.pk, town.agent, items=[{"name": "Plan"}], deadline=date(2100, 1, 1))
    say(case, "in_progress")
    assert town.case(case).substate == "documents_asked"
    say(case, "payment_due", minutes=1)
    say(case, "in_progress", minutes=2)
    assert town.case(case).substate == "documents_asked"
    case.document_requests.update(state="answered")
    say(case, "transferred", minutes=3)
    say(case, "in_progress", minutes=4)
    assert town.case(case).substate == ""


def test_a_move_that_an_application_caused_is_not_sent_back_to_it(town):
    case = town.submit()
    say(case, "in_progress")
    say(case, "accepted", minutes=1)
    assert OutgoingEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"sequence": 5, "minutes": 0}, {"sequence": 5, "minutes": 9}),
        ({"sequence": 5, "minutes": 0}, {"sequence": 4, "minutes": 9}),
        ({"minutes": 5}, {"minutes": 4}),
        ({"sequence": 5, "minutes": 5}, {"minutes": 4}),
    ],
)
def test_an_older_or_repeated_word_is_recorded_and_not_applied(town, first, second):
    case = town.submit()
    say(case, "payment_due", **first)
    outcome = say(case, "in_progress", **second)
    assert not outcome.applied
    assert outcome.why
    case = town.case(case)
    assert case.substate == "payment_due"
    assert case.history.last().verb == "status_recorded"


def test_a_final_case_keeps_its_end_and_records_the_word(town):
    case = town.submit()
    services.withdraw(case.pk, actors.person())
    assert not say(case, "accepted").applied
    assert town.case(case).state == "withdrawn"


def test_the_message_of_an_application_reaches_the_person_as_a_message(town):
    case = town.submit()
    say(case, "in_progress", message="Intervention jeudi.")
    say(case, "in_progress", minutes=1, message="Reportée à vendredi.")
    messages = list(case.messages.all())
    assert [each.body for each in messages] == ["Intervention jeudi.", "Reportée à vendredi."]
    assert {each.author for each in messages} == {"application"}
    assert list(Notice.objects.order_by("created_at").values_list("template", flat=True))[1:] == [
        "status_changed",
        "message_received",
    ]


def test_a_refusal_without_words_still_has_a_reason_in_the_history(town):
    case = town.submit()
    say(case, "refused")
    assert "Services techniques" in town.case(case).history.last().reason


def test_hand_offs_follow_the_newest_word_and_the_person_never_reads_that_something_is_lost(town):
    case = town.submit()
    key = town.case(case).tracking_key
    for minutes, state in enumerate(["waiting", "dead"]):
        assert handoff(case, state, minutes=minutes, attempts=minutes).applied
        view = queries.tracking(key)
        assert "transmission" in view.transmission
        assert "perdu" not in str(view)
    assert not handoff(case, "waiting", minutes=0).applied
    assert handoff(case, "acknowledged", minutes=9, external_id="2026-118").applied
    assert Handoff.objects.get().external_id == "2026-118"
    assert queries.tracking(key).transmission.startswith("Transmise")
    assert [row.verb for row in town.case(case).history.all()].count("handoff") == 3


def test_two_deliveries_of_one_case_are_two_hand_offs(town):
    case = town.submit()
    handoff(case, "acknowledged", delivery=str(uuid.uuid4()))
    handoff(case, "waiting", delivery=str(uuid.uuid4()))
    view = queries.agent_case(town.agent, case.pk)
    assert sorted(each.state for each in view.handoffs) == ["acknowledged", "waiting"]


def test_a_delivery_given_up_by_decision_is_awaited_no_more(town):
    case = town.submit()
    handoff(case, "cancelled")
    assert queries.tracking(town.case(case).tracking_key).transmission == ""


def test_the_timeline_tells_waiting_and_going_on(town):
    case = town.submit()
    for minutes, status in enumerate(["in_progress", "payment_due", "in_progress"]):
        say(case, status, minutes=minutes, label=f"Étape {minutes}")
    moments = queries.tracking(town.case(case).tracking_key).timeline
    assert [(each.label, each.detail) for each in moments] == [
        ("Votre demande est enregistrée", ""),
        ("Le service a commencé à traiter votre demande", "Étape 0"),
        ("Un paiement vous est demandé", "Étape 1"),
        ("Le service a repris votre demande", "Étape 2"),
    ]
