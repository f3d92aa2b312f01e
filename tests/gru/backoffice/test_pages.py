"""An agent's day: the list, the case, the acts on it; and nothing of it for whoever has no right to it."""

import io
from datetime import timedelta

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from etoile.gru.cases import services
from etoile.gru.cases.models import Case, Handoff
from etoile.gru.documents.models import State
from etoile.gru.documents.services import store
from tests.gru.conftest import log_in, make_agent, make_town, text
from tests.gru.documents.samples import PDF


def address(name, case, *more):
    return reverse(f"backoffice:{name}", args=[case.pk, *more])


def test_a_visitor_is_sent_to_sign_in(client, case):
    for url in (reverse("backoffice:inbox"), address("case", case)):
        answer = client.get(url)
        assert answer.status_code == 302
        assert answer.url.startswith("/agents/connexion/")


def test_a_wrong_password_says_so_with_a_summary_linked_to_the_field(client, town):
    answer = client.post("/agents/connexion/", {"username": town.agent.email, "password": "non"})
    assert "Erreur" in text(answer)
    assert 'href="#id_username"' in text(answer)


def test_too_many_wrong_passwords_are_answered_in_plain_words(client, town):
    for _ in range(6):
        answer = client.post("/agents/connexion/", {"username": town.agent.email, "password": "non"})
    assert answer.status_code == 429
    assert "Connexion suspendue" in text(answer)


def test_the_list_shows_the_cases_of_the_agent(client, agent, case):
    page = text(client.get(reverse("backoffice:inbox")))
    assert case.reference in page
    assert "Demande d&#x27;acte" in page


def test_the_case_shows_the_answers_in_the_words_of_the_procedure(client, agent, case):
    page = text(client.get(address("case", case)))
    assert "Motif" in page
    assert "Mariage" in page
    assert "arachide" in page
    assert client.get(address("case", case)).headers["Cache-Control"] == "no-store"


def test_a_case_of_another_sector_does_not_exist_for_the_agent(client, town, case):
    elsewhere = make_town("21490888800016", "bourg")
    stranger = make_agent(elsewhere.authority, elsewhere.team, "etranger@bourg.example")
    log_in(client, stranger)
    for url in (address("case", case), address("decide", case)):
        assert client.get(url).status_code in {403, 404, 405}
    assert client.post(address("decide", case), {"decision-outcome": "accepted"}).status_code in {403, 404}
    assert Case.objects.get().state == "submitted"


def test_asking_for_a_document_needs_its_name(client, agent, case):
    answer = client.post(
        address("ask", case), {"pieces-version": case.version, "pieces-item_1": "", "pieces-deadline": "2099-01-15"}
    )
    assert answer.status_code == 422
    assert "Écrivez le nom de la première pièce" in text(answer)
    assert not case.document_requests.exists()


def test_a_document_asked_is_on_the_case_and_the_state_says_what_is_waited_for(client, agent, case):
    limit = timezone.localdate() + timedelta(days=20)
    client.post(
        address("ask", case),
        {"pieces-version": case.version, "pieces-item_1": "Pièce d’identité", "pieces-deadline": limit.isoformat()},
    )
    page = text(client.get(address("case", case)))
    assert "Pièce d’identité" in page
    assert "en attente de pièces" in page


def test_a_deadline_in_the_past_is_refused_in_plain_words(client, agent, case):
    answer = client.post(
        address("ask", case),
        {"pieces-version": case.version, "pieces-item_1": "Pièce", "pieces-deadline": "2020-01-15"},
    )
    assert answer.status_code == 422
    assert "doit être à venir" in text(answer)


@pytest.mark.exigence("CRPA-19")
def test_a_refusal_without_its_reasons_is_not_taken(client, agent, case):
    answer = client.post(
        address("decide", case),
        {"decision-version": case.version, "decision-outcome": "refused", "decision-reasons": ""},
    )
    assert answer.status_code == 422
    assert "la loi oblige" in text(answer)
    assert Case.objects.get().state == "submitted"


@pytest.mark.exigence("CRPA-18")
def test_a_decision_carries_the_name_and_the_capacity_of_its_author(client, agent, case):
    client.post(address("decide", case), {"decision-version": case.version, "decision-outcome": "accepted"})
    page = text(client.get(address("case", case)))
    assert Case.objects.get().state == "accepted"
    for words in ("Nadia", "Leroy", "Officière d&#x27;état civil"):
        assert words in page


def test_the_second_of_two_agents_is_told_that_the_case_changed(client, agent, case):
    seen = case.version
    services.start(case.pk, agent)
    answer = client.post(address("decide", case), {"decision-version": seen, "decision-outcome": "accepted"})
    assert answer.status_code == 422
    assert "a changé depuis que vous l" in text(answer)
    assert Case.objects.get().state == "in_progress"


def test_a_message_is_shown_in_the_thread(client, agent, case):
    client.post(address("write", case), {"message-body": "Votre demande avance."})
    assert "Votre demande avance." in text(client.get(address("case", case)))


def test_markup_in_an_answer_stays_text(client, agent, town):
    case = town.submit(answers={"motif": "<script>alert(1)</script>"})
    page = text(client.get(address("case", case)))
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page


def test_a_document_is_downloaded_and_never_shown(client, agent, town, case):
    upload = SimpleUploadedFile("acte.pdf", PDF, content_type="application/pdf")
    kept = store(town.authority, case.pk, upload, field="piece", accept=["pdf"], max_size=10**6)
    answer = client.get(address("document", case, kept.pk))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content) == PDF
    other = town.submit()
    assert client.get(address("document", other, kept.pk)).status_code == 404


def test_what_the_antivirus_has_not_said_clean_is_told_and_not_opened(client, agent, town, case, settings, tmp_path):
    upload = SimpleUploadedFile("acte.pdf", PDF)
    kept = store(town.authority, case.pk, upload, field="piece", accept=("pdf",), max_size=10_000)
    assert "Aucun antivirus ne vérifie" in client.get(address("case", case)).text
    settings.ANTIVIRUS_URL = f"unix://{tmp_path / 'nobody'}"
    answer = client.get(address("document", case, kept.pk), follow=True)
    assert answer.redirect_chain[-1][0] == address("case", case)
    assert "n’a pas encore pu vérifier" in answer.text
    kept.state = State.INFECTED
    kept.save()
    page = client.get(address("case", case)).text
    assert address("document", case, kept.pk) not in page
    assert "Redemandez cette pièce" in page


def test_the_request_itself_is_printed_for_agents_alone(client, agent, town):
    case = town.submit()
    answer = client.get(address("paper", case, "demande"))
    printed = pypdf.PdfReader(io.BytesIO(answer.content))
    words = "".join(page.extract_text() for page in printed.pages)
    assert case.reference in words and "Mariage" in words and "arachide" in words
    assert "Demande" in answer["Content-Disposition"]
    log_in(client, make_town("21490888900015", "ailleurs").agent)
    assert client.get(address("paper", case, "demande")).status_code == 404


def test_where_a_request_stands_with_a_business_application_is_shown(client, agent, case):
    Handoff.objects.create(
        case=case,
        delivery="d1",
        message_type="org.etoile.case.submitted.v1",
        application="services-techniques",
        application_name="Services techniques",
        state=Handoff.State.WAITING,
        occurred_at=timezone.now(),
    )
    page = text(client.get(address("case", case)))
    assert "Services techniques" in page
    assert "en cours de transmission" in page


def test_the_number_of_statements_does_not_grow_with_the_rows(client, agent, town, django_assert_max_num_queries):
    for _ in range(3):
        town.submit()
    with django_assert_max_num_queries(18):
        client.get(reverse("backoffice:inbox"))
    case = town.submit()
    with django_assert_max_num_queries(26):
        client.get(address("case", case))
