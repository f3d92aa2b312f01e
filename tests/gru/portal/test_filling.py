"""Filling a procedure without JavaScript: errors that help, nothing typed lost, one case whatever is clicked twice."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from etoile.gru.cases.models import Case
from etoile.gru.documents.models import Document
from etoile.gru.filling.models import Draft
from etoile.gru.forms.models import Procedure
from etoile.gru.notices.models import Notice
from etoile.gru.outbox.models import OutgoingEvent
from etoile.gru.portal import throttle
from etoile.gru.portal.views.starting import STARTS
from tests.gru.portal.journey import REPORT, Names, filled, picture, started, title

NAME = "Signaler un problème sur la voie publique – Valmont-sur-Loire"


def test_the_whole_journey_ends_on_a_receipt_with_the_reference_and_the_link_to_follow(client, town):
    summary = filled(client)
    page = client.get(summary)
    assert title(page) == f"Étape 4 sur 4 : Vérifier et envoyer – {NAME}"
    assert "devant le 12 rue des Tilleuls" in page.content.decode()
    done = client.get(client.post(summary)["Location"])
    case = Case.objects.get()
    assert case.reference in done.content.decode()
    assert f"/suivi/{case.tracking_key}/" in done.content.decode()
    assert case.answers["description"] == REPORT["probleme"]["description"]
    assert Notice.objects.get().recipient_email == "camille.martin@exemple.fr"
    assert OutgoingEvent.objects.count() == 1


def test_opening_a_link_makes_no_draft(client, town):
    assert "Avant de commencer" in title(client.get("/demarches/signalement-voirie/remplir/"))
    assert Draft.objects.count() == 0


@pytest.mark.exigence("A11Y-24")
def test_an_empty_page_is_refused_with_the_four_conditions_for_each_required_field(client, town):
    address = started(client)
    answer = client.post(address, {})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert title(answer) == f"Erreur – Étape 1 sur 4 : Le problème – {NAME}"
    assert re.search(r'<div class="error-summary"[^>]*role="alert" tabindex="-1" autofocus', html)
    for name in ("categorie", "danger", "description"):
        # 1, 2: the summary links to the first control; 3: it is said invalid; 4: and described by the message.
        assert f'<a href="#champ-{name}">' in html
        control = re.search(rf'<(?:input|textarea)[^>]*id="champ-{name}"[^>]*>', html)[0]
        assert 'aria-invalid="true"' in control
        assert " required" in control
        assert f'id="champ-{name}-erreur"' in html
        assert re.search(rf'aria-describedby="[^"]*champ-{name}-erreur[^"]*"', html)


@pytest.mark.exigence("A11Y-25")
def test_an_error_says_the_format_and_an_example(client, town):
    address = filled_up_to_contact(client)
    html = client.post(address, REPORT["vos-coordonnees"] | {"applicant_email": "camille"}).content.decode()
    assert "nom@domaine.fr" in html
    assert "camille.martin@exemple.fr" in html


def test_what_was_typed_comes_back_with_the_errors_and_after_leaving(client, town):
    address = started(client)
    answer = client.post(address, {"description": "Un trou de trente centimètres"})
    assert "Un trou de trente centimètres" in answer.content.decode()
    assert "Un trou de trente centimètres" in client.get(address).content.decode()


@pytest.mark.exigence("ASVS 1.2.1")
def test_markup_typed_by_a_person_is_never_markup(client, town):
    address = started(client)
    html = client.post(address, {"description": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


def test_an_answer_that_reveals_something_shows_it_before_going_on(client, town):
    address = started(client)
    answer = client.post(address, REPORT["probleme"] | {"danger": "yes"})
    assert answer["Location"] == address
    page = client.get(address).content.decode()
    assert "appelez le 112" in page
    assert "Votre réponse ajoute des informations" in page
    assert client.post(address, REPORT["probleme"] | {"danger": "yes"})["Location"].endswith("/lieu/")


@pytest.mark.exigence("ASVS 2.3.1")
def test_a_page_cannot_be_skipped(client, town):
    address = started(client)
    assert client.get(address.replace("/probleme/", "/vos-coordonnees/"))["Location"] == address
    assert client.get(address.replace("/probleme/", "/verifier"))["Location"] == address
    assert client.post(address.replace("/probleme/", "/verifier"))["Location"] == address
    assert client.get(address.replace("/probleme/", "/envoyee"))["Location"] == address
    assert Case.objects.count() == 0


@pytest.mark.exigence("A11Y-26")
def test_the_summary_changes_one_answer_and_comes_back(client, town):
    summary = filled(client)
    html = client.get(summary).content.decode()
    change = re.search(r'href="([^"]+)">Modifier<span class="visually-hidden"> : Le lieu<', html)[1]
    assert client.post(change, {"lieu.text": "place du Marché"})["Location"] == summary
    assert "place du Marché" in client.get(summary).content.decode()


def test_a_photo_is_given_shown_taken_back_and_sent_with_the_request(client, town):
    first = started(client)
    place = client.post(first, REPORT["probleme"])["Location"]
    client.post(place, REPORT["lieu"] | {"photo": picture()})
    shown = client.get(place).content.decode()
    document = Document.objects.get()
    assert "trou.png" in shown and f'name="remove" value="{document.pk}"' in shown
    assert client.post(place, {"lieu.text": "place du Marché", "remove": str(document.pk)})["Location"] == place
    assert Document.objects.count() == 0
    assert "place du Marché" in client.get(place).content.decode()
    contact = client.post(place, REPORT["lieu"] | {"photo": picture("nouveau.png")})["Location"]
    summary = client.post(contact, REPORT["vos-coordonnees"])["Location"]
    assert "nouveau.png" in client.get(summary).content.decode()
    client.post(summary)
    assert Document.objects.get().holder == Case.objects.get().id


def test_enter_in_a_field_never_takes_a_file_away(client, town):
    place = client.post(started(client), REPORT["probleme"])["Location"]
    client.post(place, REPORT["lieu"] | {"photo": picture()})
    html = client.get(place).content.decode()
    form = html[html.index('id="formulaire"') :]
    assert form.index('class="default-submit"') < form.index('name="remove"')


@pytest.mark.parametrize(
    ("name", "content"),
    [("photo.png", b"MZ\x90\x00 not a picture"), ("vide.png", b""), ("page.html", b"<html><script>1</script></html>")],
)
def test_a_file_of_the_wrong_kind_is_refused_in_words_and_not_kept(client, town, name, content):
    place = client.post(started(client), REPORT["probleme"])["Location"]
    answer = client.post(place, REPORT["lieu"] | {"photo": SimpleUploadedFile(name, content, "image/png")})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert '<a href="#champ-photo">' in html
    assert "devant le 12 rue des Tilleuls" in html
    assert Document.objects.count() == 0


def test_sending_twice_gives_one_case_and_the_same_page(client, town):
    summary = filled(client)
    first, second = client.post(summary), client.post(summary)
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == OutgoingEvent.objects.count() == 1
    assert Case.objects.get().reference in client.get(second["Location"]).content.decode()
    assert client.get(summary)["Location"] == first["Location"]
    assert client.get(summary.replace("/verifier", "/probleme/"))["Location"] == first["Location"]


def test_the_confirming_post_costs_at_most_twenty_statements(client, town):
    summary = filled(client)
    with CaptureQueriesContext(connection) as captured:
        assert client.post(summary).status_code == 302
    control = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")
    counted = [each["sql"] for each in captured if not each["sql"].startswith(control)]
    assert len(counted) <= 20, "\n".join(counted)


def test_a_form_page_costs_few_statements(client, town):
    address = started(client)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    assert len(captured) <= 4


def test_a_declaration_left_unticked_stops_the_sending(client, town):
    summary = start_to_summary_of_the_hall(client)
    answer = client.post(summary)
    assert answer.status_code == 422
    assert title(answer).startswith("Erreur – Étape 4 sur 4")
    assert Case.objects.count() == 0
    names = [name for name in Names(answer.content.decode()).names if name not in ("q",)]
    assert client.post(summary, dict.fromkeys(names, "on")).status_code == 302
    assert Case.objects.count() == 1


def test_another_browser_opens_nothing_of_a_draft(client, town):
    address = started(client)
    stranger = Client()
    answer = stranger.get(address)
    assert answer["Location"] == "/demarches/signalement-voirie/"
    assert stranger.post(address, REPORT["probleme"])["Location"] == "/demarches/signalement-voirie/"
    assert Draft.objects.get().answers == {}


def test_an_answer_that_no_longer_holds_leads_back_to_its_page_with_the_reason(client, town):
    summary = filled(client)
    draft = Draft.objects.get()
    draft.answers["categorie"] = "disparue"
    draft.save()
    back = client.post(summary)["Location"]
    page = client.get(back)
    assert back.endswith("/probleme/?verifier=1")
    assert title(page).startswith("Erreur – Étape 1 sur 4")
    assert '<a href="#champ-categorie">' in page.content.decode()
    assert Case.objects.count() == 0


def test_nobody_opens_forms_without_end(client, town):
    for _ in range(STARTS.count):
        throttle.allowed("start", "127.0.0.1", STARTS)
    assert client.post("/demarches/signalement-voirie/remplir/")["Location"] == "/demarches/signalement-voirie/"
    assert "Trop de formulaires" in client.get("/demarches/signalement-voirie/").content.decode()
    assert Draft.objects.count() == 0


def test_strange_characters_are_cleaned_and_break_nothing(client, town):
    address = started(client)
    answer = client.post(address, REPORT["probleme"] | {"description": "Un trou \x00\x08 de trente centimètres"})
    assert answer.status_code in (302, 422)
    assert client.get("/demarches/", {"q": "\x00%%'\"<"}).status_code == 200


def test_a_draft_is_found_again_from_the_page_of_its_procedure_and_can_be_erased(client, town):
    place = client.post(started(client), REPORT["probleme"])["Location"]
    page = client.get("/demarches/signalement-voirie/").content.decode()
    assert "Vous avez une demande commencée" in page and f'href="{place}"' in page
    assert "demande commencée" not in client.get("/demarches/acte-etat-civil/").content.decode()
    client.post(place.replace("/lieu/", "/effacer"))
    assert Draft.objects.count() == 0
    assert client.get(place)["Location"] == "/demarches/signalement-voirie/"


def test_a_draft_outlives_the_end_of_the_session(client, town):
    place = client.post(started(client), REPORT["probleme"])["Location"]
    client.cookies.pop("gru_session", None)
    assert client.get(place).status_code == 200


def test_a_form_sent_without_its_token_is_refused_in_plain_words(town):
    careful = Client(enforce_csrf_checks=True)
    answer = careful.post("/demarches/signalement-voirie/remplir/")
    assert answer.status_code == 403
    assert "rien n’a été enregistré" in answer.content.decode()
    assert Draft.objects.count() == 0


def test_pages_of_a_draft_are_kept_by_no_cache_and_no_robot(client, town):
    answer = client.get(started(client))
    assert "no-store" in answer["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in answer.content.decode()


def test_a_procedure_closed_meanwhile_is_not_started(client, town):
    Procedure.objects.filter(slug="signalement-voirie").update(state="closed")
    assert client.post("/demarches/signalement-voirie/remplir/")["Location"] == "/demarches/signalement-voirie/"
    assert Draft.objects.count() == 0


def test_the_form_is_in_english_for_those_who_read_english(client, town):
    html = client.get(started(client), headers={"accept-language": "en"}).content.decode()
    assert "Step 1 of 4: The problem" in html
    assert "Type of problem" in html


def filled_up_to_contact(client):
    place = client.post(started(client), REPORT["probleme"])["Location"]
    return client.post(place, REPORT["lieu"])["Location"]


def start_to_summary_of_the_hall(client):
    """Answer the hall's pages by what their controls ask, whatever the procedure says."""
    address = started(client, "reservation-salle")
    for _ in range(10):
        if address.endswith("/verifier"):
            return address
        address = client.post(address, plausible(client.get(address).content.decode()))["Location"]
    raise AssertionError(address)


def plausible(html):
    form = html[html.index('id="formulaire"') :]
    given = {}
    for tag in re.findall(r"<(?:input|textarea|select)[^>]*>", form):
        found = dict(re.findall(r'(\w[\w-]*)="([^"]*)"', tag))
        name, kind = found.get("name", ""), found.get("type", "text")
        if not name or kind in ("hidden", "file") or name in given:
            continue
        if kind in ("radio", "checkbox"):
            given[name] = found["value"]
        elif " required" in tag:
            endings = {".day": "12", ".month": "06", ".year": "2027", ".start": "14:00", ".end": "18:00"}
            ending = next((value for end, value in endings.items() if name.endswith(end)), "")
            words = {"email": "camille.martin@exemple.fr", "tel": "02 41 00 00 00"}.get(kind, "Fête du quartier")
            number = "49999" if "postal" in name else "20"
            given[name] = ending or (number if found.get("inputmode") == "numeric" else words)
    return given
