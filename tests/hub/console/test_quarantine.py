"""Answers that could not be applied: seen without what they say, tried again or put aside with a reason."""

import re

import pytest
from django.db import connection
from django.urls import reverse

from etoile.hub.delivery.models import Quarantined
from etoile.hub.journal.models import Entry
from etoile.hub.registry.models import Operator
from tests.hub.console import scenery
from tests.hub.console.test_overview import Counted

PAGE, DECIDE = "/console/quarantaine/", "/console/quarantaine/decision/"


@pytest.fixture
def kept(load_star):
    load_star(scenery.STAR)
    scenery.quarantined()
    return list(Quarantined.objects.order_by("external_id"))


def opened(client):
    return re.sub(r"\s+", " ", client.get(PAGE).content.decode())


def test_they_are_listed_with_their_number_and_why_and_never_with_what_they_say(client, operator, kept):
    page = opened(client)
    assert "V-2024-118" in page and "V-2024-119" in page
    assert "demande inconnue" in page
    assert "en cours de traitement" in page
    assert "Madame Martin" not in page


def test_those_that_are_ticked_are_put_aside_and_what_they_said_is_erased(client, operator, kept):
    answer = client.post(DECIDE, {"choix": str(kept[0].pk), "reason": "Doublon", "discard": "1"}, follow=True)
    assert "1 réponse écartée." in answer.content.decode()
    assert list(Quarantined.objects.order_by("external_id").values_list("state", flat=True)) == ["discarded", "waiting"]
    assert Quarantined.objects.get(pk=kept[0].pk).content is None
    assert Entry.objects.filter(actor=operator.email, detail__reason="Doublon").exists()


def test_what_still_cannot_be_applied_stays_and_is_said(client, operator, kept):
    given = {"choix": [str(each.pk) for each in kept], "reason": "Numéros retrouvés", "reprocess": "1"}
    page = client.post(DECIDE, given, follow=True).content.decode()
    assert "2 ne peuvent pas encore l’être" in page
    assert Quarantined.objects.filter(state="waiting").count() == 2


@pytest.mark.parametrize(
    ("given", "words"),
    [({"reason": "Doublon"}, "Cochez au moins une réponse."), ({"choix": "x", "reason": ""}, "Écrivez le motif")],
)
def test_nothing_is_done_without_a_choice_and_a_reason(client, operator, kept, given, words):
    answer = client.post(DECIDE, {**given, "discard": "1"})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Quarantined.objects.filter(state="waiting").count() == 2


def test_a_reader_sees_them_and_decides_nothing(client, operator, kept):
    Operator.objects.update(role="reader")
    assert "V-2024-118" in opened(client)
    assert 'type="checkbox"' not in opened(client)
    assert client.post(DECIDE, {"choix": str(kept[0].pk), "reason": "x", "discard": "1"}).status_code == 403


def test_they_are_among_what_needs_a_person(client, operator, kept):
    page = client.get("/console/").content.decode()
    assert "2 statuts de dossiers inconnus" in page
    assert f'href="{reverse("console:quarantine")}"' in page


def test_the_number_of_statements_does_not_grow_with_them(client, operator, kept):
    Quarantined.objects.filter(pk=kept[0].pk).delete()
    client.get(PAGE)
    with connection.execute_wrapper(before := Counted()):
        client.get(PAGE)
    scenery.quarantined()
    with connection.execute_wrapper(after := Counted()):
        client.get(PAGE)
    assert after.number == before.number <= 6
