"""What an agent does next: one sentence, and one main move, whatever the state of the case."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from etoile.gru.cases import actors, services
from etoile.gru.cases.assigning import assign
from etoile.gru.cases.models import Handoff
from etoile.gru.cases.states import State
from etoile.gru.fees import services as fees
from etoile.gru.fees.models import How
from etoile.gru.forms.models import ProcedureVersion
from etoile.gru.forms.services import digest_of
from tests.gru.backoffice.test_pages import address
from tests.gru.conftest import text


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


def test_a_case_handed_over_is_taken_up_by_the_team_that_receives_it(client, agent, case):
    services.start(case.pk, agent)
    assign(case.pk, agent, to=None)
    step, moves = main_move(text(client.get(address("case", case))))
    assert "Personne ne suit cette demande" in step and moves == ["Prendre en charge"]
    case.refresh_from_db()
    page = text(client.post(address("start", case), {"version": case.version}, follow=True))
    assert "Vous suivez maintenant cette demande" in page and main_move(page)[1] == ["Décider"]


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


def test_a_payment_is_not_offered_again_while_one_is_due_whatever_happens_meanwhile(client, agent, case):
    rewrite(case.procedure_version, {"price": {"rules": [{"label": {"fr": "Copie"}, "amount": 1650}]}})
    assert "Demander un paiement" in text(client.get(address("case", case)))
    fee = fees.ask(case.pk, agent, fees.Asked(1650, How.TILL))
    services.post_message(case.pk, actors.person("Camille"), "Où est la caisse ?")
    assert "Demander un paiement" not in text(client.get(address("case", case)))
    fees.cancel(fee.pk, agent, reason="Rien à payer.")
    assert "Demander un paiement" in text(client.get(address("case", case)))


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


def test_the_steps_of_a_procedure_are_buttons_in_its_words_and_one_may_ask_its_reason(client, agent, case):
    give_workflow(case, [
        {"id": "trier", "from": ["submitted"], "to": "in_progress", "label": "Trier"},
        {"id": "avis", "from": ["in_progress"], "to": "in_progress", "label": "Passer en commission", "reason": True},
        {"id": "partiel", "from": ["in_progress"], "to": "accepted", "label": "Accord partiel", "reason": True},
    ])  # fmt: skip
    step, moves = main_move(text(client.get(address("case", case))))
    assert moves == ["Trier"] and "Décider" not in step
    assert "Trié" not in text(client.post(address("step", case, "trier"), {"version": case.version}, follow=True))
    page = text(client.get(address("case", case), {"faire": "etape-avis"}))
    assert "Passer en commission" in page and "En commission" in page and 'name="etape-reason"' in page
    version = case.version + 1
    page = text(client.post(address("step", case, "avis"), {"etape-version": version, "etape-reason": ""}))
    assert 'id="agir"' in page and "Écrivez le motif de cette étape" in page
    given = {"etape-version": version, "etape-reason": "Cas rare"}
    assert "Cas rare" in text(client.post(address("step", case, "avis"), given, follow=True))
    page = text(client.get(address("case", case), {"faire": "decider"}))
    assert "Accord partiel" in page and "Refuser la demande" not in page
    given = {"decision-version": version + 1, "decision-outcome": "partiel", "decision-reasons": ""}
    assert "Écrivez les motifs" in text(client.post(address("decide", case), given))
    client.post(address("decide", case), {**given, "decision-reasons": "Une partie."})
    case.refresh_from_db()
    assert case.state == State.ACCEPTED


def give_workflow(case, transitions):
    version = case.procedure_version
    workflow = {"states": {"in_progress": {"label": "En commission"}}, "transitions": transitions}
    rewrite(version, {"workflow": workflow})


def rewrite(version, parts):
    source = {**version.source, **parts}
    ProcedureVersion.objects.filter(pk=version.pk).update(source=source, digest=digest_of(source))
