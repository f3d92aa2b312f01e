"""Following a request: the link goes to its owner only, the page speaks plainly, and what is wrong stores nothing."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import formats, timezone

from etoile.gru.cases import actors, services
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.models import Case, DocumentRequest, Message
from etoile.gru.cases.states import State, Substate
from etoile.gru.documents.models import Document
from etoile.gru.notices.models import Notice
from etoile.gru.portal.views import tracking
from etoile.gru.ratings.models import Rating
from tests.gru.portal.conftest import make_town
from tests.gru.portal.journey import picture, title

EMAIL = "camille.martin@exemple.fr"


@pytest.fixture
def address(case):
    return f"/suivi/{case.tracking_key}/"


def asked(reference, email=EMAIL):
    return Client().post("/suivi/", {"reference": reference, "email": email})


def said(answer):
    """The page without the form's token, which is never the same twice."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())


def links_sent():
    return Notice.objects.filter(template="tracking_link").count()


@pytest.mark.exigence("ASVS 6.3.8")
def test_the_answer_is_the_same_whether_the_request_exists_or_not(case):
    same = said(asked(case.reference))
    assert said(asked("26-0000-0")) == same
    assert said(asked(case.reference, "x@exemple.fr")) == same.replace(EMAIL, "x@exemple.fr")
    assert links_sent() == 1
    assert Notice.objects.get(template="tracking_link").recipient_email == EMAIL
    assert case.tracking_key not in same


def test_the_reference_is_understood_as_people_type_it(case):
    asked(case.reference.lower().replace("-", " "))
    assert links_sent() == 1


def test_asking_again_and_again_sends_no_more_mail_and_says_the_same(case):
    answers = {said(asked(case.reference)) for _ in range(6)}
    assert len(answers) == 1
    assert links_sent() == 3


def test_a_request_of_another_authority_is_not_sent_from_here(client, case, town):
    town.host = "valmont.example"
    town.save()
    other = make_town("Autreville", "21490998900018")
    other.host = "testserver"
    other.save()
    asked(case.reference)
    assert links_sent() == 0
    assert Client().get(f"/suivi/{case.tracking_key}/").status_code == 404


def test_the_form_without_reference_or_with_a_wrong_mail_is_explained(client, town):
    answer = client.post("/suivi/", {"reference": "", "email": "camille"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert title(answer).startswith("Erreur – ")
    assert '<a href="#champ-reference">' in html and '<a href="#champ-email">' in html


def test_a_key_that_opens_nothing_is_not_found(client, town):
    assert client.get("/suivi/nimporte/").status_code == 404


def test_the_page_says_where_the_request_is_in_plain_words(client, case, address):
    html = client.get(address).content.decode()
    assert f"Demande {case.reference}" in html
    assert "Étape 1 sur 3\u00a0: reçue. Ensuite\u00a0: en cours de traitement." in html
    assert "Trop peu de réponses cette année" in html
    assert "Votre demande est enregistrée." in html
    assert "Services techniques" in html
    assert '<meta name="robots" content="noindex">' in html
    assert "no-store" in client.get(address)["Cache-Control"]


def test_a_message_reaches_the_service_and_an_empty_one_is_refused(client, case, address):
    refused = client.post(f"{address}messages/", {"message": "  "})
    assert refused.status_code == 422
    assert '<a href="#champ-message">' in refused.content.decode()
    assert Message.objects.count() == 0
    assert client.post(f"{address}messages/", {"message": "Bonjour <b>"})["Location"] == address
    page = client.get(address).content.decode()
    assert "Bonjour &lt;b&gt;" in page
    assert "Votre message a été envoyé au service." in page


def test_a_message_with_hidden_characters_is_kept_without_them(client, case, address):
    assert client.post(f"{address}messages/", {"message": "Bon\x00jour"})["Location"] == address
    assert Message.objects.get().body == "Bonjour"


def test_a_message_of_the_service_is_shown_and_counted_as_read(client, case, address, agent):
    services.post_message(case.id, actors.agent(agent), "Pouvez-vous préciser ?")
    assert "Pouvez-vous préciser ?" in client.get(address).content.decode()
    assert Message.objects.get().read_at is not None


def request_documents(case, agent):
    services.start(case.id, agent)
    deadline = timezone.localdate() + timedelta(days=15)
    return services.ask_document(case.id, agent, items=[{"name": "Photo de jour"}], deadline=deadline)


def test_a_request_for_documents_is_answered_from_the_page(client, case, address, agent):
    wanted = request_documents(case, agent)
    page = client.get(address)
    assert "Photo de jour" in page.content.decode()
    assert "Étape 2 sur 3" in page.content.decode()
    answer = client.post(
        f"{address}documents/",
        {"request": str(wanted.id), f"documents-{wanted.id}-0": [picture("a.png"), picture("b.png")]},
    )
    assert answer["Location"] == address
    wanted.refresh_from_db()
    case.refresh_from_db()
    assert wanted.state == DocumentRequest.State.ANSWERED
    assert case.substate == Substate.NONE
    assert set(Document.objects.filter(holder=case.id).values_list("name", flat=True)) == {"a.png", "b.png"}


def test_of_several_documents_some_may_be_sent_first(client, case, address, agent):
    services.start(case.id, agent)
    deadline = timezone.localdate() + timedelta(days=15)
    items = [{"name": "Photo de jour"}, {"name": "Acte", "to_translate": True}]
    wanted = services.ask_document(case.id, agent, items=items, deadline=deadline)
    page = client.get(address).content.decode()
    assert "Acte (avec sa traduction en français)" in page
    assert "2 documents, avant le" in page
    client.post(f"{address}documents/", {"request": str(wanted.id), f"documents-{wanted.id}-1": [picture("a.png")]})
    page = client.get(address).content.decode()
    assert "Acte : reçu le" in page
    assert "un document, avant le" in page
    assert f'name="documents-{wanted.id}-0"' in page
    assert f'name="documents-{wanted.id}-1"' not in page
    wanted.refresh_from_db()
    assert (wanted.state, wanted.awaited_names) == (DocumentRequest.State.OPEN, ["Photo de jour"])


def test_no_file_or_a_wrong_one_leaves_the_request_open(client, case, address, agent):
    wanted = request_documents(case, agent)
    field = f"documents-{wanted.id}-0"
    nothing = client.post(f"{address}documents/", {"request": str(wanted.id)})
    bad = picture("b.png")
    bad.file.write(b"MZ not a picture")
    wrong = client.post(f"{address}documents/", {"request": str(wanted.id), field: [picture("a.png"), bad]})
    for answer in (nothing, wrong):
        assert answer.status_code == 422
        assert f'<a href="#champ-{field}">' in answer.content.decode()
    assert Document.objects.count() == 0
    assert DocumentRequest.objects.get().state == DocumentRequest.State.OPEN


def test_a_decision_is_read_on_the_page_with_its_reasons_and_the_appeals(client, case, address, agent):
    services.start(case.id, agent)
    services.decide(case.id, agent, outcome=State.REFUSED, reasons="La voie est privée.")
    html = client.get(address).content.decode()
    assert "La voie est privée." in html
    assert "www.telerecours.fr" in html
    assert "Retirer ma demande" not in html


def test_an_answered_request_asks_for_nothing_more(client, case, address, agent):
    request_documents(case, agent)
    services.decide(case.id, agent, outcome=State.REFUSED, reasons="La voie est privée.")
    html = client.get(address).content.decode()
    assert "Ce que le service vous demande" not in html
    assert "De votre part" not in html


def test_the_page_says_what_is_expected_of_the_person_and_by_when(client, case, address, agent):
    assert "rien. Un courriel vous prévient" in client.get(address).content.decode()
    wanted = request_documents(case, agent)
    html = client.get(address).content.decode()
    assert f"un document, avant le {formats.date_format(wanted.deadline, 'DATE_FORMAT')}" in html
    assert 'href="#attendu-1"' in html and 'id="attendu-1"' in html


def test_the_page_says_who_deals_with_the_request_and_how_to_reach_them(client, case, address):
    html = client.get(address).content.decode()
    assert 'href="tel:0200000001"' in html
    assert "services-techniques@" in html


def test_the_path_of_the_request_is_told_with_the_words_of_both_sides(client, case, address, agent):
    client.post(f"{address}messages/", {"message": "Bonjour"})
    services.post_message(case.id, actors.agent(agent), "Bonjour à vous")
    titles = re.findall(r'class="timeline-title">([^<]+)<', client.get(address).content.decode())
    assert titles == [
        "La réponse du service",
        "Le service vous a écrit",
        "Vous avez écrit au service",
        "Votre demande est enregistrée",
    ]


@pytest.mark.exigence("CRPA-07")
def test_the_receipt_is_read_again_as_it_was_sent(client, case, address):
    page = client.get(f"{address}accuse/")
    html = page.content.decode()
    assert title(page).startswith(f"Accusé d’enregistrement de la demande {case.reference}")
    assert case.reference in html and "02 00 00 00 01" in html
    assert "no-store" in page["Cache-Control"]
    english = client.get(f"{address}accuse/", headers={"accept-language": "en"}).content.decode()
    assert 'lang="fr"' in english and "Votre demande est enregistrée" in english


def test_without_a_receipt_its_page_is_not_found(client, case, address, monkeypatch):
    monkeypatch.setattr(tracking, "receipt_of", lambda case_id: None)
    assert client.get(f"{address}accuse/").status_code == 404


def test_withdrawing_is_asked_on_its_own_page_and_done_once(client, case, address):
    page = client.get(f"{address}retrait/").content.decode()
    assert "Retirer la demande" in page
    case.refresh_from_db()
    assert case.state == State.SUBMITTED
    assert client.post(f"{address}retrait/", {"reason": "Réparé"})["Location"] == address
    assert client.post(f"{address}retrait/")["Location"] == address
    case.refresh_from_db()
    assert case.state == State.WITHDRAWN
    page = client.get(address).content.decode()
    assert "Votre demande est retirée" in page
    assert "Étape 2 sur 2" in page and "En cours de traitement" not in page, "nobody had begun"


def test_a_request_given_up_is_taken_up_again_for_a_reason_and_the_team_is_told(client, case, address):
    assert client.get(f"{address}reprise/")["Location"] == address
    client.post(f"{address}retrait/", {"reason": "Réparé"})
    assert f"{address}reprise/" in client.get(address).content.decode()
    refused = client.post(f"{address}reprise/", {"reason": " "})
    assert refused.status_code == 422
    assert '<a href="#champ-reason">' in refused.content.decode()
    assert client.post(f"{address}reprise/", {"reason": "Le trou est revenu"})["Location"] == address
    case.refresh_from_db()
    assert case.state == State.IN_PROGRESS
    assert "Vous avez repris votre demande" in client.get(address).content.decode()
    told = Notice.objects.get(template="case_reopened")
    assert told.recipient_email == "services-techniques@valmont.example"
    assert told.case_id is None


def test_what_was_decided_or_ended_long_ago_is_not_opened_again_by_its_person(client, case, address, agent):
    services.withdraw(case.id, actors.person())
    Case.objects.update(decided_at=timezone.now() - timedelta(days=61))
    assert client.post(f"{address}reprise/", {"reason": "Trop tard"})["Location"] == address
    Case.objects.update(decided_at=timezone.now())
    services.take_back(case.id, actors.person(), reason="Réparé par erreur")
    services.decide(case.id, agent, outcome=State.REFUSED, reasons="La voie est privée.")
    assert f"{address}reprise/" not in client.get(address).content.decode()
    with pytest.raises(CaseError):
        services.take_back(case.id, actors.person(), reason="Je conteste")


def test_an_answered_request_is_rated_and_the_last_word_counts(client, case, address, agent):
    rating = f"{address}avis/"
    assert client.get(rating)["Location"] == address
    services.decide(case.id, agent, outcome=State.CLOSED, reasons="Réparé.")
    assert f'href="{rating}"' in client.get(address).content.decode()
    for wrong in ({}, {"score": "6"}, {"score": "4", "comment": "a" * 1001}):
        answer = client.post(rating, wrong)
        assert (answer.status_code, Rating.objects.count()) == (422, 0), wrong
        assert title(answer).startswith("Erreur – ")
    assert client.post(rating, {"score": "2", "comment": "Trop lent"})["Location"] == address
    assert client.post(rating, {"score": "4"})["Location"] == address
    said_of_it = Rating.objects.get()
    assert (said_of_it.score, said_of_it.comment, said_of_it.comment_state) == (4, "", "none")
    page = client.get(address).content.decode()
    assert "Vous avez donné votre avis : 4 sur 5" in page and "Je donne mon avis" not in page


@pytest.mark.exigence("ASVS 3.5.3")
def test_a_change_asked_by_a_link_only_is_not_done(client, case, address):
    assert client.get(f"{address}messages/").status_code == 405
    assert client.get(f"{address}documents/").status_code == 405


def test_the_page_costs_the_same_statements_whatever_it_holds(client, case, address, django_assert_max_num_queries):
    with django_assert_max_num_queries(13):
        client.get(address)
    for number in range(5):
        client.post(f"{address}messages/", {"message": f"Message {number}"})
    client.get(address)
    with django_assert_max_num_queries(13):
        client.get(address)
