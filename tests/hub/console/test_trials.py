"""A message is tried from the screen: nothing leaves, and no person is shown unless the journal says who looked."""

import re

import pytest
from django.urls import reverse

from etoile.hub.delivery.models import Delivery
from etoile.hub.journal.models import Entry
from etoile.hub.registry.models import Operator, Subscription

pytestmark = pytest.mark.usefixtures("emptied")


@pytest.fixture
def address(star):
    return reverse("console:trial", args=[star.slug])


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def asked(message, **changes):
    return {"message": str(message), "filtre": "", "correspondance": ""} | changes


def test_a_recorded_message_is_masked_until_it_is_opened(client, operator, delivery, event, address):
    name = event.data["applicant"]["family_name"]
    assert event.data["case"]["reference"] in text(client.get(address))
    masked = text(client.post(address, asked(delivery.message_id)))
    assert "Ce message serait envoyé" in masked
    assert name not in masked
    assert not Entry.objects.filter(kind="message.opened", message_id=delivery.message_id).exists()
    opened = text(client.post(address, asked(delivery.message_id, ouvrir="1")))
    assert name in opened
    entry = Entry.objects.get(kind="message.opened", message_id=delivery.message_id)
    assert (entry.actor, entry.detail) == (operator.email, {"rehearsal": "voirie-demandes"})
    assert Delivery.objects.get().state == "pending"


def test_the_example_of_the_contract_shows_invented_people(client, operator, address):
    page = text(client.post(address, asked("exemple", correspondance="ref: =event.data.case.reference")))
    assert "/ref" in page
    assert "= event.data.case.reference" in page


def test_what_is_tried_is_not_saved(client, operator, star, address):
    client.post(address, asked("exemple", filtre="false", correspondance="a: 1"))
    row = Subscription.objects.get(pk=star.pk)
    assert (row.filter, row.mapping) == ("", None)


def test_a_filter_that_says_no_and_one_that_is_wrong_are_told(client, operator, address):
    assert "Le filtre ne prend pas ce message" in text(client.post(address, asked("exemple", filtre="false")))
    wrong = client.post(address, asked("exemple", filtre="event."))
    assert wrong.status_code == 422
    assert 'href="#champ-filtre' in text(wrong)


def test_a_reader_does_not_try(client, operator, address):
    Operator.objects.update(role="reader")
    assert client.post(address, asked("exemple")).status_code == 403


def test_a_message_of_another_type_is_not_played(client, operator, delivery, event, address):
    other = Subscription.objects.get(slug="gru-statuts").message_type
    Subscription.objects.filter(slug="voirie-demandes").update(message_type=other)
    page = text(client.post(address, asked(delivery.message_id, ouvrir="1")))
    assert event.data["applicant"]["family_name"] not in page
    assert not Entry.objects.filter(kind="message.opened", message_id=delivery.message_id).exists()
