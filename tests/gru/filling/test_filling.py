"""Pages in their order, nothing typed lost, one draft one case."""

import json
import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.gru.contracts.making import contract
from tests.gru.documents.samples import JPEG, PDF
from tests.gru.filling.conftest import APPLICANT, PLACE, PROBLEM

from etoile.gru.cases.models import Case
from etoile.gru.documents.models import Document
from etoile.gru.documents.places import place_of
from etoile.gru.documents.services import DocumentRefused
from etoile.gru.filling import files, opened, services
from etoile.gru.filling.errors import DraftConfirmed, DraftUnknown, FillingRefused, Invalid, StepRefused
from etoile.gru.filling.models import Draft
from etoile.gru.forms.services import close
from etoile.gru.outbox.models import OutgoingEvent
from etoile.gru.people import scope
from etoile.gru.people.models import Person


def event(case):
    return json.loads(OutgoingEvent.objects.get(subject=case.subject).body)["data"]


class TestPages:
    def test_come_in_their_order_and_none_is_skipped(self, begin):
        form = begin("signalement-voirie")
        with pytest.raises(StepRefused):
            form.save("vos-coordonnees", APPLICANT)
        with pytest.raises(StepRefused):
            form.filling.page("lieu")
        assert form.save("probleme", PROBLEM).valid
        assert form.again().page("lieu").id == "lieu"

    def test_that_are_wrong_are_kept_but_not_done(self, begin):
        form = begin("signalement-voirie")
        result = form.save("probleme", {**PROBLEM, "danger": None, "description": "court"})
        assert {error.field for error in result.errors} == {"danger", "description"}
        assert form.again().answers["description"] == "court"
        assert form.filling.progress.next.id == "probleme"

    def test_done_then_spoiled_are_to_be_done_again(self, report):
        assert report.again().progress.complete
        report.save("probleme", {**PROBLEM, "categorie": None})
        assert report.again().progress.next.id == "probleme"
        with pytest.raises(Invalid) as refused:
            report.confirm()
        assert refused.value.page.id == "probleme"

    def test_without_a_visible_question_are_not_met(self, begin):
        form = begin("acte-etat-civil")
        extract = {"type_acte": "NAISSANCE", "nature_acte": "EXTRAIT-SANS-FILIATION", "nombre_exemplaires": "1"}
        form.save("acte", extract)
        assert "parents" not in str([line for page in form.again().progress.pages for line in page.id])

    def test_ignore_answers_to_the_questions_of_other_pages(self, begin):
        form = begin("signalement-voirie")
        form.save("probleme", {**PROBLEM, "applicant_email": "autre@exemple.fr"})
        assert "applicant_email" not in form.again().answers

    def test_keep_what_a_change_of_mind_hides_until_it_is_sent(self, begin):
        form = begin("inscription-evenement")
        asked = {"evenement": "reunion-plu", "nombre_places": "2", "besoin_accessibilite": "no"}
        form.save("evenement", {**asked, "question_prealable": "Et les arbres ?"})
        form.save("evenement", {**asked, "evenement": "atelier-numerique", "question_prealable": None})
        assert form.again().answers["question_prealable"] == "Et les arbres ?"
        form.save("vos-coordonnees", APPLICANT)
        case = form.confirm()
        assert "question_prealable" not in event(case)["answers"]
        assert "question_prealable" not in case.answers


class TestADraft:
    def test_opens_with_its_key_only(self, begin, teams):
        form = begin("signalement-voirie")
        for key in (None, "", "autre", form.filling.draft.key_digest):
            with pytest.raises(DraftUnknown):
                opened.resume(form.id, key, authority=teams.authority)

    def test_does_not_open_in_another_authority(self, begin, teams):
        form = begin("signalement-voirie")
        other = type(teams.authority).objects.create(siret="21490998900018", slug="autre", name="Autre")
        with pytest.raises(DraftUnknown):
            opened.resume(form.id, form.key, authority=other)

    def test_expires_and_is_then_erased_with_its_files(self, begin, django_capture_on_commit_callbacks):
        form = begin("signalement-voirie")
        form.save("probleme", PROBLEM)
        document = form.attach("photo", JPEG, "photo.jpg")
        with time_machine.travel(timezone.now() + opened.KEPT + timedelta(hours=1)):
            with pytest.raises(DraftUnknown):
                form.again()
            with django_capture_on_commit_callbacks(execute=True):
                assert services.purge() == 1
        assert not Draft.objects.exists()
        assert not Document.objects.exists()
        assert not place_of(document.id).exists()

    def test_lives_on_while_it_is_used(self, begin):
        form = begin("signalement-voirie")
        with time_machine.travel(timezone.now() + opened.KEPT - timedelta(hours=1)):
            form.save("probleme", PROBLEM)
        with time_machine.travel(timezone.now() + opened.KEPT + timedelta(hours=1)):
            assert form.again().answers["categorie"] == "mobilier"

    def test_is_erased_at_once_when_abandoned(self, report, django_capture_on_commit_callbacks):
        document = report.attach("photo", JPEG, "photo.jpg")
        with django_capture_on_commit_callbacks(execute=True):
            services.abandon(report.again())
        assert not Draft.objects.exists()
        assert not place_of(document.id).exists()

    def test_is_not_opened_for_a_procedure_that_is_closed(self, begin):
        version = begin("signalement-voirie").version
        close(version.procedure, reason="Travaux terminés")
        version.procedure.refresh_from_db()
        with pytest.raises(FillingRefused):
            services.start(version)

    def test_keeps_sensitive_answers_sealed_in_the_database(self, begin):
        form = begin("inscription-evenement")
        asked = {"evenement": "atelier-numerique", "nombre_places": "1", "besoin_accessibilite": "yes"}
        form.save("evenement", {**asked, "amenagement": ["fauteuil"]})
        with connection.cursor() as cursor:
            cursor.execute("SELECT answers::text FROM filling_draft WHERE id = %s", [form.id])
            stored = cursor.fetchone()[0]
        assert "fauteuil" not in stored
        assert form.again().answers["amenagement"] == ["fauteuil"]


class TestFiles:
    def test_are_held_by_the_draft_and_then_by_the_case_of_the_same_identifier(self, report):
        document = report.attach("photo", JPEG, "photo.jpg")
        case = report.confirm()
        assert case.id == document.holder
        assert [each["id"] for each in event(case)["documents"]] == [str(document.id)]

    def test_of_the_wrong_type_are_refused(self, report):
        with pytest.raises(DocumentRefused, match="Types acceptés"):
            report.attach("photo", PDF, "photo.pdf")

    def test_are_counted(self, report):
        for _ in range(3):
            report.attach("photo", JPEG, "photo.jpg")
        with pytest.raises(DocumentRefused, match="Retirez-en un"):
            report.attach("photo", JPEG, "photo.jpg")

    def test_are_refused_where_no_file_is_asked(self, report):
        with pytest.raises(DocumentRefused, match="attend pas de fichier"):
            report.attach("description", JPEG, "photo.jpg")

    def test_are_removed_by_the_draft_that_holds_them_only(self, report, begin):
        document = report.attach("photo", JPEG, "photo.jpg")
        other = begin("signalement-voirie")
        assert not files.remove_document(other.again(), document.id)
        assert files.remove_document(report.again(), document.id)
        assert report.again().documents == {}

    def test_that_were_required_and_removed_make_their_page_to_be_done_again(self, begin):
        form = begin("acte-etat-civil")
        form.save("acte", {"type_acte": "NAISSANCE", "nature_acte": "COPIE-INTEGRALE", "nombre_exemplaires": "1"})
        holder = {"titulaire_nom": "Martin", "titulaire_prenoms": "Camille", "titulaire_lieu_naissance": "Valmont"}
        form.save("titulaire", {**holder, "titulaire_date_naissance": "1990-01-01"})
        form.save("demandeur", {**APPLICANT, "qualite_demandeur": "PersonneConcernee"})
        assert [error.field for error in form.save("livraison", {"mode_livraison": "courrier"}).errors] == [
            "fichier_identite"
        ]
        document = form.attach("fichier_identite")
        assert form.save("livraison", {"mode_livraison": "courrier"}).valid
        assert form.again().progress.complete
        files.remove_document(form.filling, document.id)
        assert form.again().progress.next.id == "livraison"

    def test_of_a_hidden_question_do_not_leave_with_the_case(self, begin):
        form = begin("acte-etat-civil")
        acte = {"type_acte": "NAISSANCE", "nature_acte": "COPIE-INTEGRALE", "nombre_exemplaires": "1"}
        holder = {"titulaire_nom": "Martin", "titulaire_prenoms": "Camille", "titulaire_lieu_naissance": "Valmont"}
        form.save("acte", acte)
        form.save("titulaire", {**holder, "titulaire_date_naissance": "1990-01-01"})
        form.save("demandeur", {**APPLICANT, "qualite_demandeur": "PersonneConcernee"})
        form.attach("fichier_identite")
        form.save("livraison", {"mode_livraison": "courrier"})
        form.save("acte", {**acte, "nature_acte": "EXTRAIT-SANS-FILIATION"})
        assert event(form.confirm(exactitude="on"))["documents"] == []


class TestSending:
    def test_makes_the_case_its_person_and_its_event(self, report):
        contract(report.authority, procedures=["signalement-voirie"], read={"email": 100, "address": 100, "phone": 100})
        case = report.confirm()
        data = event(case)
        assert data["procedure"]["slug"] == "signalement-voirie"
        assert data["answers"]["lieu"] == {"text": PLACE["lieu"]}
        assert data["answers"]["danger"] is False
        assert data["applicant"]["email"] == "camille.martin@exemple.fr"
        assert data["applicant"]["address"]["lines"] == ["12 rue des Tilleuls"]
        assert data["applicant"]["phone"] == "+33639980123"
        assert not any(key.startswith("applicant_") for key in data["answers"])

    def test_twice_gives_the_same_case_and_one_of_everything(self, report):
        first, second = report.confirm(), report.confirm()
        assert first.pk == second.pk
        with scope.of_task("test"):
            assert (Case.objects.count(), Person.objects.count(), OutgoingEvent.objects.count()) == (1, 1, 1)

    def test_empties_the_draft(self, report):
        report.confirm()
        draft = Draft.objects.get()
        assert draft.answers == {}
        assert draft.confirmed_at is not None

    def test_closes_the_draft_to_every_change(self, report):
        filling = report.again()
        report.confirm()
        page = filling.definition.page("lieu")
        with pytest.raises(DraftConfirmed):
            services.save_page(filling, page, PLACE)
        with pytest.raises(DraftConfirmed):
            report.attach("photo", JPEG, "photo.jpg")
        with pytest.raises(DraftConfirmed):
            services.abandon(filling)
        assert Case.objects.count() == 1

    def test_without_a_declaration_is_refused_and_nothing_is_kept(self, begin):
        form = begin("reservation-salle")
        slot = {"date": (timezone.localdate() + timedelta(days=30)).isoformat(), "start": "14:00", "end": "18:00"}
        hall = {"salle": "salle-des-fetes", "creneau": slot, "participants": "40", "usage": "reunion", "buvette": "no"}
        form.save("salle", hall)
        form.save("demandeur", {**APPLICANT, "type_demandeur": "individual"})
        form.save("pieces", {})
        with pytest.raises(Invalid) as refused:
            form.confirm()
        assert [error.field for error in refused.value.errors] == ["reglement"]
        assert not Case.objects.exists()
        assert event(form.confirm(reglement="on"))["answers"]["reglement"] is True

    @pytest.mark.exigence("ASVS 2.2.2")
    def test_checks_everything_again(self, begin):
        """The date was right when it was typed, and is too near when it is sent."""
        form = begin("reservation-salle")
        day = timezone.localdate() + timedelta(days=16)
        slot = {"date": day.isoformat(), "start": "14:00", "end": "18:00"}
        hall = {"salle": "salle-des-fetes", "creneau": slot, "participants": "40", "usage": "reunion", "buvette": "no"}
        form.save("salle", hall)
        form.save("demandeur", {**APPLICANT, "type_demandeur": "individual"})
        form.save("pieces", {})
        with time_machine.travel(timezone.now() + timedelta(days=5)), pytest.raises(Invalid) as refused:
            form.confirm(reglement="on")
        assert refused.value.page.id == "salle"
        assert not Case.objects.exists()

    def test_of_an_unfinished_form_is_refused(self, begin):
        form = begin("signalement-voirie")
        form.save("probleme", PROBLEM)
        with pytest.raises(Invalid):
            form.confirm()
        with pytest.raises(StepRefused):
            services.summary(form.again())

    def test_for_an_association_names_it(self, begin):
        form = begin("reservation-salle")
        contract(form.authority, procedures=["reservation-salle"])
        slot = {"date": (timezone.localdate() + timedelta(days=30)).isoformat(), "start": "14:00", "end": "18:00"}
        hall = {"salle": "salle-des-fetes", "creneau": slot, "participants": "40", "usage": "reunion", "buvette": "no"}
        form.save("salle", hall)
        form.save("demandeur", {**APPLICANT, "type_demandeur": "association", "organisme": "Les Amis de la Loire"})
        form.save("pieces", {})
        applicant = event(form.confirm(reglement="on"))["applicant"]
        assert (applicant["kind"], applicant["organisation"]) == ("legal", "Les Amis de la Loire")

    def test_costs_few_statements(self, report):
        """The budget of the confirming POST is 20; session, authority and page take the rest."""
        report.attach("photo", JPEG, "photo.jpg")
        with CaptureQueriesContext(
            connection,
        ) as captured:
            report.confirm()
        control = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
        counted = [each["sql"] for each in captured.captured_queries if not each["sql"].startswith(control)]
        assert len(counted) <= 13, counted


@pytest.mark.django_db(transaction=True)
@pytest.mark.exigence("ASVS 2.3.4")
def test_two_sendings_at_the_same_moment_make_one_case(report):
    found, start = [], threading.Barrier(2)

    def send():
        try:
            start.wait()
            found.append(report.confirm().pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found[0] == found[1]
    assert Case.objects.count() == 1


def test_the_summary_says_every_answer_in_words_with_its_page(report):
    report.attach("photo", JPEG, "photo.jpg")
    pages = services.summary(report.again())
    assert [page.page.id for page in pages] == ["probleme", "lieu", "vos-coordonnees"]
    said = {line.field.id: line.words for page in pages for section in page.sections for line in section.lines}
    assert said["danger"] == "Non"
    assert said["photo"] == "photo.jpg"
    assert said["applicant_address"] == "12 rue des Tilleuls\n49999 Valmont-sur-Loire"
    assert "information_danger" not in said


def test_an_opened_page_costs_two_statements(report, django_assert_num_queries):
    with django_assert_num_queries(2):
        filling = report.again()
        assert filling.progress.complete
