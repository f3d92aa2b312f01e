from dataclasses import replace

import pytest
from django.db import connection, transaction

from etoile.contract import schemas
from etoile.contract.envelope import Event
from etoile.hub.delivery.models import Delivery
from etoile.hub.journal.models import Entry, Message
from etoile.hub.registry import directory, pairwise
from etoile.hub.registry.models import Subscription
from etoile.hub.routing.services import Acceptance, ConflictError, accept, accept_many
from tests.hub.conftest import STATUS, TOWN, stored, submission

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


def accepted(event: Event, application: str = "gru") -> Acceptance:
    with transaction.atomic(), connection.cursor() as cursor:
        snapshot = directory.current(cursor)
        return accept(cursor, event, application=snapshot.application(application), snapshot=snapshot)


def filtered(expression: str, **changes) -> Subscription:
    Subscription.objects.filter(slug="voirie-demandes").update(filter=expression, **changes)
    return Subscription.objects.get(slug="voirie-demandes")


def states(acceptance: Acceptance) -> list[str]:
    return list(Delivery.objects.filter(message_id=acceptance.message_id).values_list("state", flat=True))


@pytest.mark.parametrize(
    ("expression", "deliveries"),
    [("", 1), ("event.authority == '21490999900017'", 1), ("event.data.procedure.slug == 'autre'", 0)],
)
def test_a_filter_decides(expression: str, deliveries: int) -> None:
    filtered(expression)
    assert accepted(submission()).deliveries == deliveries


def test_a_filter_that_cannot_be_computed_holds_the_delivery_and_says_so() -> None:
    subscription = filtered("event.data.answers.colour == 'red'")
    acceptance = accepted(submission())
    assert states(acceptance) == ["held"]
    failure = Entry.objects.get(message_id=acceptance.message_id, kind="filter.failed")
    assert failure.detail["subscription"] == subscription.slug


def test_an_event_that_only_tells_is_kept_without_a_warning_and_still_given_to_whoever_takes_it() -> None:
    assert accepted(replace(submission(), extensions={"receiver": "optional"})).deliveries == 1
    filtered("false")
    message = accepted(replace(submission(), extensions={"receiver": "optional"})).message_id
    assert Message.objects.get(pk=message).state == "kept"
    assert Message.objects.get(pk=accepted(submission()).message_id).state == "unrouted"


def test_an_event_for_one_application_reaches_no_other() -> None:
    named = Subscription.objects.get(slug="voirie-demandes").application.slug
    assert accepted(replace(submission(), extensions={"recipient": named})).deliveries == 1
    assert accepted(replace(submission(), extensions={"recipient": "another"})).deliveries == 0


def test_what_is_for_a_subscription_switched_off_is_held() -> None:
    filtered("", active=False)
    assert states(accepted(submission())) == ["held"]


def test_an_application_does_not_receive_what_it_says() -> None:
    data = schemas.example(STATUS).data
    said = submission(source="gru", type=STATUS, data=data)
    assert accepted(said).deliveries == 0
    assert accepted(submission(source="voirie", type=STATUS, data=data), "voirie").deliveries == 1


def test_an_alias_comes_back_as_the_person_the_hub_knows() -> None:
    sample = schemas.example("org.etoile.person.updated.v1")
    with connection.cursor() as cursor:
        voirie = directory.current(cursor).application("voirie")
    data = {**sample.data, "person": pairwise.alias(voirie, "gru:p_1")}
    acceptance = accepted(submission(source="voirie", type=sample.type, data=data), "voirie")
    assert '"person":"gru:p_1"' in Message.objects.get(pk=acceptance.message_id).payload


def test_a_conflict_names_the_event_and_writes_nothing() -> None:
    first = submission()
    accepted(first)
    before = stored()
    with pytest.raises(ConflictError) as conflict, transaction.atomic(), connection.cursor() as cursor:
        snapshot = directory.current(cursor)
        events = [submission(), submission(id=first.id)]
        accept_many(cursor, events, application=snapshot.application("gru"), snapshot=snapshot)
    assert (conflict.value.index, conflict.value.event.id) == (1, first.id)
    assert stored() == before


def test_a_message_says_where_it_comes_from_and_what_it_is_about() -> None:
    event = submission(correlationid="first", sequence=3)
    message = Message.objects.get(pk=accepted(event).message_id)
    assert (message.source, message.event_id, message.authority) == ("gru", event.id, TOWN)
    assert (message.subject, message.correlation_id, message.sequence) == (event.subject, "first", 3)
    assert schemas.violations(Event.from_json(message.payload.encode())) == []
