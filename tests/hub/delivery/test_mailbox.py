import pytest

from etoile.contract.identifiers import uuid7
from etoile.hub.delivery import mailbox
from etoile.hub.delivery.mailbox import RECORDED, REPEATED, UNKNOWN, Answered
from etoile.hub.delivery.models import Delivery, ExternalReference
from etoile.hub.journal.models import Message
from etoile.hub.registry import directory
from etoile.hub.routing.services import accept
from etoile.sdk import OutcomeKind
from tests.hub.delivery.conftest import HANDOFF, SUBMITTED, subscribe


@pytest.fixture
def pulled(star, cursor, submitted):
    """Town planning takes what waits for it: (its application, the snapshot, what it was given)."""
    subscribe(star["planning"], "planning-submitted", SUBMITTED, connector="mailbox")
    snapshot = directory.current(cursor)
    accept(cursor, submitted, application=snapshot.application("gru"), snapshot=snapshot)
    planning = snapshot.application("planning")
    return planning, snapshot, mailbox.take(cursor, planning, snapshot, limit=10, now=0.0)


def test_what_is_taken_is_prepared_for_its_taker_and_leased(pulled, cursor, submitted):
    planning, snapshot, (offered,) = pulled
    assert offered.event.id == submitted.id
    assert offered.event.data["applicant"]["person"].startswith("pa_")
    assert mailbox.take(cursor, planning, snapshot, limit=10, now=0.0) == []
    cursor.execute("UPDATE delivery_delivery SET due = now() - interval '1 second' WHERE due > now()")
    assert [each.delivery for each in mailbox.take(cursor, planning, snapshot, limit=10, now=0.0)] == [offered.delivery]


def test_an_answer_settles_gives_its_number_and_tells_the_source(pulled, cursor):
    planning, snapshot, (offered,) = pulled
    told = mailbox.answer(cursor, planning, [Answered(offered.delivery, external_id="PLU-7")], snapshot)
    assert told == {offered.delivery: RECORDED}
    assert Delivery.objects.get(pk=offered.delivery).state == "acknowledged"
    assert ExternalReference.objects.get().external_id == "PLU-7"
    assert '"external_id":"PLU-7"' in Message.objects.get(type=HANDOFF).payload


def test_an_answer_repeated_is_harmless_and_one_about_the_deliveries_of_others_is_unknown(pulled, cursor):
    planning, snapshot, (offered,) = pulled
    mailbox.answer(cursor, planning, [Answered(offered.delivery)], snapshot)
    other = Delivery.objects.exclude(application_id=planning.id).filter(message_id__isnull=False).first()
    said = [Answered(offered.delivery), Answered(other.pk), Answered(uuid7())]
    told = mailbox.answer(cursor, planning, said, snapshot)
    assert list(told.values()) == [REPEATED, UNKNOWN, UNKNOWN]
    assert Message.objects.filter(type=HANDOFF).count() == 1


def test_what_was_accepted_for_later_is_confirmed_with_its_number(pulled, cursor):
    planning, snapshot, (offered,) = pulled
    mailbox.answer(cursor, planning, [Answered(offered.delivery, OutcomeKind.ACCEPTED)], snapshot)
    assert Delivery.objects.get(pk=offered.delivery).state == "sent"
    mailbox.answer(cursor, planning, [Answered(offered.delivery, external_id="PLU-7")], snapshot)
    assert Delivery.objects.get(pk=offered.delivery).state == "acknowledged"
    states = [payload.split('"state":"')[1].split('"')[0] for payload in handoffs()]
    assert states == ["sent", "acknowledged"]


def test_what_was_accepted_for_later_may_be_refused_with_its_reason(pulled, cursor):
    planning, snapshot, (offered,) = pulled
    mailbox.answer(cursor, planning, [Answered(offered.delivery, OutcomeKind.ACCEPTED)], snapshot)
    said = [Answered(offered.delivery, OutcomeKind.BUSINESS_NO, message="Hors délai.")]
    told = mailbox.answer(cursor, planning, said, snapshot)
    refused = Delivery.objects.get(pk=offered.delivery)
    assert (refused.state, refused.outcome, refused.detail) == ("rejected", "business_no", "Hors délai.")
    assert (told, mailbox.answer(cursor, planning, said, snapshot)) == (
        {offered.delivery: mailbox.RECORDED},
        {offered.delivery: mailbox.REPEATED},
    )
    states = [payload.split('"state":"')[1].split('"')[0] for payload in handoffs()]
    assert states == ["sent", "rejected"]


def test_a_refusal_is_for_a_person(pulled, cursor):
    planning, snapshot, (offered,) = pulled
    said = [Answered(offered.delivery, OutcomeKind.FIX_DATA, message="Adresse incomplète.")]
    mailbox.answer(cursor, planning, said, snapshot)
    refused = Delivery.objects.get(pk=offered.delivery)
    assert (refused.state, refused.detail) == ("rejected", "Adresse incomplète.")


def handoffs():
    return Message.objects.filter(type=HANDOFF).order_by("id").values_list("payload", flat=True)
