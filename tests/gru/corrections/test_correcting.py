"""Answers corrected by the person who was asked to, or edited by an agent: buffered, made at once, told and traced."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from tests.gru.conftest import PROCEDURE, log_in, text
from tests.gru.documents.samples import PDF

from etoile.contract.envelope import Event
from etoile.contract.schemas import violations
from etoile.gru.access.models import Account, Membership, Role
from etoile.gru.cases import queries, services
from etoile.gru.cases.models import DocumentRequest, History
from etoile.gru.corrections import opening
from etoile.gru.corrections import services as corrections
from etoile.gru.corrections.models import Revision
from etoile.gru.documents.models import Document
from etoile.gru.forms.models import Procedure, ProcedureVersion
from etoile.gru.forms.services import load
from etoile.gru.notices.models import Notice
from etoile.gru.outbox.models import OutgoingEvent

# A question shown by another, a file, a secret.
FIELDS = [
    {"id": "nom", "type": "name", "label": {"fr": "Nom"}, "required": True, "applicant": "family_name"},
    {"id": "motif", "type": "text", "label": {"fr": "Motif"}, "required": True},
    {"id": "age", "type": "integer", "label": {"fr": "Âge"}},
    {"id": "precision", "type": "text", "label": {"fr": "Précision"}, "required": True,
     "visible_when": {"field": "motif", "op": "equals", "value": "Autre"}},
    {"id": "piece", "type": "file", "label": {"fr": "Pièce"}},
    {"id": "allergie", "type": "text", "label": {"fr": "Allergie"}, "privacy": "sensitive"},
]  # fmt: skip


@pytest.fixture
def desk(town):
    section = {"id": "identite", "title": {"fr": "Identité"}, "fields": FIELDS}
    pages = [{"id": "vous", "title": {"fr": "Vous"}, "sections": [section]}]
    raw = PROCEDURE | {"slug": "corrige", "pages": pages, "silence": {"regime": "accept", "duration": "P2M"}}
    version = load(town.authority, raw)
    Procedure.objects.filter(pk=version.procedure_id).update(state="published", current=version)
    town.version = ProcedureVersion.objects.get(pk=version.pk)
    return town


@pytest.fixture
def case(desk):
    made = desk.submit(answers={"motif": "Mariage", "age": 31, "allergie": "arachide"})
    Document.objects.create(authority=desk.authority, holder=made.pk, field="piece", name="ancienne.pdf",
                            media_type="application/pdf", size=1, sha256="0" * 64)  # fmt: skip
    return made


def ask(desk, case, *fields):
    wrong = [{"field": each, "fault": "incorrect", "sentence": "Relisez l’acte."} for each in fields]
    return corrections.ask(case.pk, desk.agent, wrong=wrong, deadline=timezone.localdate() + timedelta(days=20))


def address(case, request):
    return reverse("portal:correct", args=[case.tracking_key, request.pk])


def test_the_person_corrects_what_was_asked_and_nothing_else(client, desk, case):
    """Ask, read, leave, come back, reveal a question, send: the case, its clock, its words, its events follow."""
    request = ask(desk, case, "motif", "piece")
    case = desk.case(case)
    assert (case.substate, case.silence_date) == ("documents_asked", None)
    assert "réponse incorrecte. Relisez l’acte." in request.wording
    here = address(case, request)
    page = text(client.get(here))
    assert "Incorrecte : Relisez l’acte." in page
    assert 'name="motif"' in page
    assert 'name="age"' not in page
    assert not Revision.objects.exists()

    client.post(here, {"motif": "Décès", "age": "99", "allergie": "rien", "later": "1"})
    assert desk.case(case).answers["motif"] == "Mariage"
    assert "Décès" in text(client.get(here))

    revealed = client.post(here, {"motif": "Autre", "piece": SimpleUploadedFile("neuve.pdf", PDF)}, follow=True)
    assert 'name="precision"' in text(revealed)
    missing = client.post(here, {"motif": "Autre", "precision": ""})
    assert missing.status_code == 422
    assert desk.case(case).answers["motif"] == "Mariage"
    sent = client.post(here, {"motif": "Autre", "precision": "Adoption"}, follow=True)
    assert "Vos corrections sont envoyées" in text(sent)

    case = desk.case(case)
    clear = queries.clear_answers(case)
    assert clear == {"motif": "Autre", "age": 31, "allergie": "arachide", "precision": "Adoption"}
    assert case.substate == ""
    assert case.silence_date is not None
    files = dict(Document.objects.filter(holder=case.pk).values_list("name", "field"))
    assert files == {"ancienne.pdf": "replaced", "neuve.pdf": "piece"}
    event = OutgoingEvent.objects.get(subject=case.subject, type="org.etoile.case.updated.v1")
    assert violations(Event.from_json(event.body.encode())) == []
    assert json.loads(event.body)["data"]["answers"] == {"motif": "Autre", "precision": "Adoption"}
    assert desk.published(case)[-2:] == [("case.updated.v1", 4), ("case.document_added.v1", 5)]
    row = History.objects.filter(case=case).latest("number")
    assert (row.verb, row.detail["label"]) == ("correct", "Motif, Précision, Pièce")
    assert queries.chain_is_whole(case)
    assert Notice.objects.filter(case_id=case.pk).latest("created_at").template == "corrections_received"
    assert not text(client.post(here, {"motif": "Encore"}, follow=True)).count("Corrigez vos réponses")
    shown = text(client.get(reverse("portal:follow", args=[case.tracking_key])))
    assert "Corrigé par vous" in shown
    assert "ancienne.pdf" in shown


def test_corrections_that_change_nothing_or_come_too_late_are_refused(client, desk, case):
    request = ask(desk, case, "motif")
    here = address(case, request)
    assert "Rien n’a changé" in text(client.post(here, {"motif": "Mariage"}, follow=True))
    services.decide(case.pk, desk.agent, outcome="accepted")
    late = client.post(here, {"motif": "Décès"}, follow=True)
    assert "ne sont plus attendues" in text(late)
    assert desk.case(case).answers["motif"] == "Mariage"


def test_an_agent_edits_reads_again_says_why_and_the_person_is_told(client, desk, case):
    log_in(client, desk.agent)
    edit, check = (reverse(f"backoffice:{name}", args=[case.pk]) for name in ("answers", "answers-check"))
    assert "arachide" in text(client.get(edit))
    typed = {"motif": "Mariage", "age": "douze", "allergie": "gluten"}
    assert client.post(edit, typed).status_code == 422
    assert client.post(edit, {**typed, "age": "32"}).url == check
    assert "arachide" not in str(Revision.objects.get().answers)
    summary = text(client.get(check))
    assert "32" in summary
    assert "Motif</th>" not in summary
    read = opening.mark(desk.case(case))
    assert client.post(check, {"motif-read": read, "motif-reason": ""}).status_code == 422
    assert desk.case(case).answers["age"] == 31

    request = ask(desk, case, "motif")
    client.post(address(case, request), {"motif": "Décès"})
    refused = client.post(check, {"motif-read": read, "motif-reason": "Vu au téléphone."})
    assert refused.status_code == 422
    assert "ont changé entre-temps" in text(refused)
    read = opening.mark(desk.case(case))
    client.post(check, {"motif-read": read, "motif-reason": "Vu au téléphone."})

    case = desk.case(case)
    assert queries.clear_answers(case) == {"motif": "Décès", "age": 32, "allergie": "gluten"}
    assert "gluten" not in str(case.answers) + str(Revision.objects.values_list("before", "after"))
    page = text(client.get(reverse("backoffice:case", args=[case.pk])))
    assert "Vu au téléphone." in page
    assert "gluten" in page
    assert Notice.objects.filter(case_id=case.pk).latest("created_at").template == "answers_edited"
    client.logout()
    assert "Vu au téléphone." in text(client.get(reverse("portal:follow", args=[case.tracking_key])))


def test_whoever_may_only_read_changes_no_answer_and_asks_no_correction(client, desk, case):
    reader = Account.objects.create(authority=desk.authority, email="lecture@valmont.example")
    Membership.objects.create(account=reader, team=desk.team, role=Role.READER)
    log_in(client, reader)
    for name in ("answers", "answers-check", "corrections"):
        assert client.get(reverse(f"backoffice:{name}", args=[case.pk])).status_code == 403


def test_the_form_of_an_agent_says_what_is_missing(client, desk, case):
    log_in(client, desk.agent)
    here, limit = reverse("backoffice:corrections", args=[case.pk]), timezone.localdate() + timedelta(days=9)
    common = {"corrections-version": case.version, "corrections-deadline": limit.isoformat()}
    for more, said in (
        ({}, "Choisissez au moins une réponse"),
        ({"corrections-fault_motif": "incorrect"}, "écrivez ce qui est à corriger"),
        ({"corrections-sentence_motif": "Illisible."}, "dites si la réponse est incomplète"),
    ):
        answer = client.post(here, {**common, **more})
        assert answer.status_code == 422
        assert said in text(answer)
    asked = {"corrections-fault_motif": "outdated", "corrections-sentence_motif": "Illisible."}
    client.post(here, {**common, **asked})
    assert DocumentRequest.objects.get().items[0]["sentence"] == "Illisible."
    assert not DocumentRequest.objects.get().indispensable


def test_a_document_that_an_agent_adds_reaches_the_person_and_the_applications(client, desk, case):
    log_in(client, desk.agent)
    here = reverse("backoffice:give-document", args=[case.pk])
    assert "Choisissez un fichier" in text(client.post(here, follow=True))
    assert "plan.pdf" in text(client.post(here, {"document": SimpleUploadedFile("plan.pdf", PDF)}, follow=True))
    assert desk.published(case)[-1][0] == "case.document_added.v1"
    client.logout()
    page = text(client.get(reverse("portal:follow", args=[case.tracking_key])))
    assert "plan.pdf" in page
    assert "Le service vous a envoyé un document" in page


def test_a_document_brought_to_the_service_is_awaited_no_more(client, desk, case):
    log_in(client, desk.agent)
    asked = services.ask_document(
        case.pk,
        desk.agent,
        items=[{"name": "Plan"}, {"name": "Photo"}],
        deadline=timezone.localdate() + timedelta(days=9),
    )
    here = reverse("backoffice:give-document", args=[case.pk])
    given = {"brought": f"{asked.pk}.1", "day": ""}
    page = text(client.post(here, {**given, "document": SimpleUploadedFile("photo.pdf", PDF)}, follow=True))
    assert "reçue le" in page
    assert "La personne doit envoyer : Plan." in page
    for wrong in ({"brought": "autre.1"}, {"brought": f"{asked.pk}.7"}, {**given, "day": "hier"}):
        client.post(here, {**wrong, "document": SimpleUploadedFile("plan.pdf", PDF)})
    asked.refresh_from_db()
    assert asked.awaited_names == ["Plan"]


def test_what_was_typed_and_never_sent_is_forgotten(desk, case):
    corrections.keep(opening.of_agent(case, desk.agent), {"motif": "Essai"})
    assert corrections.purge() == 0
    Revision.objects.update(updated_at=timezone.now() - timedelta(days=8))
    assert corrections.purge() == 1
