"""An agent writes a request down for somebody: through the pages of the form, with their own name on it."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from etoile.gru.access.models import Account
from etoile.gru.cases import services
from etoile.gru.cases.models import Case
from etoile.gru.cases.states import State
from etoile.gru.counter import letters
from etoile.gru.counter.models import Entry, Letter
from etoile.gru.documents.models import Document
from tests.gru.conftest import Town, log_in, make_agent
from tests.gru.documents.samples import PDF

BEGIN = "/agents/saisie/demarche/acte/"
ANSWERS = {"nom": "Martin", "motif": "Mariage"}


@pytest.fixture
def desk(town: Town, client, settings, tmp_path):
    settings.DOCUMENTS_FOLDER = tmp_path
    log_in(client, town.agent)
    return client


def begun(client, **given: object) -> str:
    answer = client.post(BEGIN, {"channel": "mail", "received_on": timezone.localdate().isoformat(), **given})
    assert answer.status_code == 302, re.findall(r"error[^>]*>([^<]+)", answer.content.decode())
    return answer["Location"]


def sent(client, **given: object) -> Case:
    summary = client.post(begun(client, **given), ANSWERS)["Location"]
    done = client.post(summary)["Location"]
    assert done.endswith("/enregistree")
    return Case.objects.get(pk=Entry.objects.get(sent_at__isnull=False).pk)


@pytest.mark.exigence("CRPA-23")
def test_a_letter_becomes_a_request_of_its_day_with_its_scan_its_agent_and_its_receipt_to_print(desk, town):
    day = timezone.localdate() - timedelta(days=3)
    scan = SimpleUploadedFile("lettre.pdf", PDF)
    case = sent(desk, received_on=day.isoformat(), no_email="on", original=scan)
    row = case.history.get()
    assert (case.channel, case.contact_email, timezone.localdate(case.submitted_at)) == ("mail", "", day)
    assert (row.actor_kind, row.account, row.detail["channel"]) == ("agent", town.agent, "mail")
    assert list(Document.objects.filter(holder=case.pk).values_list("field", "name")) == [("original", "lettre.pdf")]
    receipt = desk.get(f"{BEGIN}{case.pk}/accuse.pdf")
    assert receipt.content.startswith(b"%PDF")
    assert "remis" in desk.get(f"{BEGIN}{case.pk}/enregistree").content.decode()
    desk.post(f"{BEGIN}{case.pk}/remis")
    assert not letters.waiting(town.agent)


def test_what_is_told_to_somebody_without_email_waits_to_be_printed_with_what_it_announces(desk, town, monkeypatch):
    case = sent(desk, no_email="on")
    services.start(case.pk, town.agent)
    services.decide(case.pk, town.agent, outcome=State.REFUSED, reasons="La rue est privée.")
    listed = desk.get("/agents/saisie/lettres/").content.decode()
    assert listed.count('name="lettre"') == Letter.objects.count() >= 2
    made = []
    monkeypatch.setattr(letters, "pdf", lambda paper, fonts: made.append(paper) or b"%PDF")
    decision = letters.waiting(town.agent).get(notice__template="decision")
    assert desk.get(f"/agents/saisie/lettres/{decision.pk}.pdf").status_code == 200
    said = str(made[0].raw())
    assert "La rue est privée." in said
    assert made[0].recipient[0] == "Martin"
    desk.post("/agents/saisie/lettres/", {"lettre": [str(decision.pk), "rien"]})
    assert not letters.waiting(town.agent).filter(pk=decision.pk)


def test_the_person_who_has_an_email_is_asked_for_it_and_told_by_it(desk, town):
    page = begun(desk)
    assert desk.post(page, ANSWERS).status_code == 422
    summary = desk.post(page, ANSWERS | {"courriel": "camille@exemple.fr"})["Location"]
    desk.post(summary)
    assert Case.objects.get().contact_email == "camille@exemple.fr"
    assert not Letter.objects.exists()


@pytest.mark.parametrize("who", ["colleague", "nobody", "person"])
def test_an_entry_is_open_to_whoever_began_it_alone(desk, town, client, who):
    page = begun(desk)
    draft = page.split("/")[-3]
    client.logout()
    if who == "colleague":
        log_in(client, make_agent(town.authority, town.team, "lea@valmont.example"))
    if who == "person":
        page = page.replace("/agents/saisie/demarche/acte/", "/demarches/acte/remplir/")
    assert client.get(page)["Location"].startswith(
        {"colleague": BEGIN, "nobody": "/agents/connexion/", "person": "/demarches/acte/"}[who]
    )
    assert client.get(f"{BEGIN}{draft}/accuse.pdf").status_code in {302, 404}


@pytest.mark.parametrize("day", [timedelta(days=1), timedelta(days=-400)])
def test_a_day_that_cannot_be_is_refused_in_words(desk, day):
    given = {"channel": "mail", "received_on": (timezone.localdate() + day).isoformat()}
    answer = desk.post(BEGIN, given)
    assert answer.status_code == 422
    assert "Le jour de réception" in answer.content.decode()
    assert not Entry.objects.exists()


def test_an_agent_finds_the_procedure_and_takes_an_entry_up_again(desk, town: Town):
    page = begun(desk)
    shown = desk.get("/agents/saisie/", {"mots": "acte"}).content.decode()
    assert page in shown
    assert BEGIN in shown
    assert isinstance(town.agent, Account)
