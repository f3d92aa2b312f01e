"""One decision for many: chosen, counted, said why, then done for exactly what was counted."""

import re

import pytest
from django.urls import reverse

from etoile.hub.console.pages import bulk
from etoile.hub.delivery.models import Delivery
from etoile.hub.journal.models import Entry
from etoile.hub.registry.models import Operator
from tests.hub.console import scenery

BULK = "/console/envois/ensemble/"


@pytest.fixture
def stopped(load_star):
    load_star(scenery.STAR)
    scenery.furnish({"voirie": [("dead", 4, 9), ("acknowledged", 2, 9)], "urbanisme": [("dead", 2, 9)]})


def preview(client, **criteria):
    answer = client.get(BULK, criteria)
    assert answer.status_code == 200
    page = re.sub(r"\s+", " ", answer.content.decode())
    hidden = dict(re.findall(r'<input type="hidden" name="([a-z]+)" value="([^"]*)"', page))
    hidden.pop("next", None)
    return page, hidden


def test_what_is_chosen_is_counted_before_anything_is_done(client, operator, stopped):
    page, _ = preview(client, state="dead")
    assert "6 envois choisis" in page
    assert "Envoyer de nouveau (6 envois)" in page
    assert Delivery.objects.filter(state="dead").count() == 6


def test_all_that_was_counted_is_sent_again_and_nothing_else(client, operator, stopped):
    _, chosen = preview(client, state="dead", words="délai dépassé")
    scenery.furnish({"famille": [("dead", 1, -0.001)]})
    answer = client.post(BULK, {**chosen, "reason": "Le serveur est réparé", "replay": "1"}, follow=True)
    assert "6 envois repartent." in answer.content.decode()
    assert Delivery.objects.filter(state="pending").count() == 6
    assert Delivery.objects.filter(state="dead").count() == 1
    entries = Entry.objects.filter(kind="delivery.replayed", actor=operator.email)
    assert {entry.detail["reason"] for entry in entries} == {"Le serveur est réparé"}
    assert entries.count() == 6


@pytest.mark.parametrize("action", ["cancel", "handled"])
def test_all_that_was_counted_is_closed(client, operator, stopped, action):
    _, chosen = preview(client, state="dead")
    client.post(BULK, {**chosen, "reason": "Doublons", action: "1"})
    assert Delivery.objects.filter(state="cancelled").count() == 6


def test_a_decision_without_a_reason_does_nothing_and_says_so(client, operator, stopped):
    _, chosen = preview(client, state="dead")
    answer = client.post(BULK, {**chosen, "reason": " ", "replay": "1"})
    assert answer.status_code == 422
    assert "Écrivez le motif" in answer.content.decode()
    assert "6 envois choisis" in re.sub(r"\s+", " ", answer.content.decode())
    assert Delivery.objects.filter(state="dead").count() == 6


@pytest.mark.parametrize("given", [{}, {"state": ""}, {"order": "anciens"}, {"state": "nimporte"}])
def test_no_criterion_is_never_all_of_them(client, operator, stopped, given):
    page, _ = preview(client, **given)
    assert "Choisissez d’abord lesquels" in page
    until = {"until": str(scenery.key(0)), "reason": "Tout", "replay": "1"}
    client.post(BULK, {**given, **until})
    assert Delivery.objects.filter(state="dead").count() == 6


def test_more_than_can_be_decided_at_once_is_said(client, operator, stopped, monkeypatch):
    monkeypatch.setattr(bulk, "MOST", 4)
    page, chosen = preview(client, state="dead")
    assert "les 4 plus anciens seront décidés d’abord" in page
    client.post(BULK, {**chosen, "reason": "Réparé", "replay": "1"})
    assert Delivery.objects.filter(state="dead").count() == 2


def test_the_list_leads_to_the_decision_with_the_same_criteria_for_who_may_decide(client, operator, stopped):
    listed = client.get(reverse("console:deliveries"), {"state": "dead", "order": "anciens"}).content.decode()
    assert 'href="/console/envois/ensemble/?state=dead"' in listed
    Operator.objects.update(role="reader")
    assert "envois/ensemble" not in client.get(reverse("console:deliveries"), {"state": "dead"}).content.decode()
    assert client.get(BULK, {"state": "dead"}).status_code == 403
