"""What an agent does next: one sentence, and one main move, whatever the state of the case."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from etoile.gru.cases import actors, services
from etoile.gru.cases.models import Handoff
from etoile.gru.cases.states import State
from tests.gru.backoffice.test_pages import address, agent, case, text

__all__ = ["agent", "case"]


def main_move(page):
    found = re.search(r'<section class="next-step.*?</section>', page, re.S)[0]
    return found, re.findall(r'button-primary"[^>]*>.*?<span>([^<]+)', found, re.S)


def test_a_new_case_is_first_taken_up(client, agent, case):
    step, moves = main_move(text(client.get(address("case", case))))
    assert "Personne ne suit encore" in step and moves == ["Prendre en charge"]


def test_a_complete_case_is_decided_by_a_form_that_an_address_opens(client, agent, case):
    services.start(case.pk, agent)
    step, moves = main_move(text(client.get(address("case", case))))
    assert "À vous de décider" in step and moves == ["Décider"]
    page = text(client.get(address("case", case), {"faire": "decider"}))
    assert "Enregistrer la décision" in page and 'id="agir"' in page
    assert "Enregistrer la décision" not in text(client.get(address("case", case), {"faire": "autre"}))


def test_what_is_missing_is_named_with_its_day_and_nothing_is_pressed_meanwhile(client, agent, case):
    day = timezone.localdate() + timedelta(days=9)
    services.ask_document(case.pk, agent, items=[{"name": "Livret de famille", "indispensable": True}], deadline=day)
    step, moves = main_move(text(client.get(address("case", case))))
    assert "La personne doit envoyer : Livret de famille." in step and moves == []


def test_a_message_of_the_person_comes_first(client, agent, case):
    services.post_message(case.pk, actors.person("Camille"), "Bonjour ?")
    _step, moves = main_move(text(client.get(address("case", case))))
    assert moves == ["Répondre"]
    _step, moves = main_move(text(client.get(address("case", case))))
    assert moves == ["Prendre en charge"]


def test_an_application_at_work_is_waited_for(client, agent, case):
    services.start(case.pk, agent)
    Handoff.objects.create(
        case=case, delivery="d1", message_type="t", application="voirie", application_name="Services techniques",
        state=Handoff.State.SENT, occurred_at=timezone.now(),
    )  # fmt: skip
    step, moves = main_move(text(client.get(address("case", case))))
    assert "Services techniques traite cette demande" in step and moves == []


def test_a_finished_case_asks_nothing_and_may_be_reopened(client, agent, case):
    services.decide(case.pk, agent, outcome=State.ACCEPTED)
    step, moves = main_move(text(client.get(address("case", case), {"faire": "decider"})))
    assert "Rien n’est attendu de vous" in step and moves == [] and "Rouvrir" in step
    assert "Ce n’est plus possible" in text(client.get(address("case", case), {"faire": "decider"}))


@pytest.mark.exigence("A11Y-24")
def test_a_form_refused_comes_back_open_with_its_error_tied_to_its_field(client, agent, case):
    page = text(client.post(address("decide", case), {"decision-version": case.version}))
    assert 'id="agir"' in page and "<title>Erreur" in page
    assert re.search(r'href="#[\w-]*outcome[\w-]*"', page)
    assert 'class="required"' in page and "aria-describedby" in page
