"""The citizens' pages as a browser shows them: axe, keyboard, narrow and dark, without JavaScript."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from etoile.gru.cases.models import Case
from tests.browser.harness.pages import Mode
from tests.browser.harness.visits import Visit
from tests.gru.portal.journey import PIXEL

pytestmark = pytest.mark.browser

MODES = [Mode("day"), Mode("narrow-night", "dark", 320)]
DESK = MODES[0]
NO_SCRIPT = Mode("no-script", scripts=False)


@pytest.mark.parametrize("mode", MODES, ids=str)
def test_a_person_reports_a_hole_and_follows_it(visiting, mode, tmp_path):
    visit = visiting(mode)
    page = visit.page
    photo = Path(tmp_path / "trou.png")
    photo.write_bytes(PIXEL)

    visit.go("/")
    page.fill("#recherche", "nid de poule")
    page.click("form[role=search] button")
    page.click("main h2 a")
    page.click("#commencer a")
    visit.check()
    page.click("#commencer button")
    visit.check()

    page.click("#formulaire .actions button")
    visit.check()
    assert visit.focused() == "erreurs"
    page.click("#erreurs a >> nth=0")
    assert visit.focused() == "champ-categorie"

    page.check("#champ-categorie")
    page.check("#champ-danger-2")
    page.fill("#champ-description", "Un trou de trente centimètres depuis lundi.")
    page.click("#formulaire .actions button")
    page.wait_for_url("**/lieu/")
    visit.check()
    page.fill("#champ-lieu", "devant le 12 rue des Tilleuls")
    page.set_input_files("#champ-photo", str(photo))
    page.click("#formulaire .actions button")
    page.wait_for_selector("#champ-applicant_family_name")
    visit.check()
    for name, value in {
        "applicant_family_name": "Martin",
        "applicant_given_names": "Camille",
        "applicant_email": "camille.martin@exemple.fr",
        "applicant_address": "12 rue des Tilleuls",
        "applicant_address-postal_code": "49999",
        "applicant_address-city": "Valmont-sur-Loire",
    }.items():
        page.fill(f"#champ-{name}", value)
    page.click("#formulaire .actions button")
    page.wait_for_url("**/verifier")
    visit.check()
    assert "trou.png" in page.inner_text("main")

    page.dblclick("#envoyer .actions button")
    page.wait_for_url("**/envoyee")
    visit.check()
    assert Case.objects.count() == 1
    the_reference_is_copied(page)
    page.click("main .actions a")
    visit.check()
    page.fill("#champ-message", "Merci !")
    page.click("#ecrire button")
    visit.check()
    assert "Merci" in page.inner_text(".thread")


def the_reference_is_copied(page: Page) -> None:
    reference = Case.objects.get().reference
    assert reference in page.inner_text("#recu")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click("#recu [data-copy]")
    page.get_by_text("Copié").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == reference


@pytest.mark.exigence("A11Y-09")
def test_the_first_key_offers_to_skip_to_the_content(visiting):
    visit: Visit = visiting(DESK)
    visit.go("/demarches/")
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.className") == "skip-link"
    assert visit.page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    visit.page.keyboard.press("Enter")
    assert visit.focused() == "contenu"


@pytest.mark.exigence("A11Y-10")
def test_a_form_page_is_filled_with_the_keyboard_alone(visiting):
    visit: Visit = visiting(DESK)
    page, press = visit.page, visit.page.keyboard.press
    visit.go("/demarches/signalement-voirie/remplir/")
    visit.reach("#commencer button")
    press("Enter")
    page.wait_for_url(re.compile(r"/probleme/$"))
    visit.reach("#champ-categorie")
    press("Space")
    visit.reach("#champ-danger")
    press("ArrowDown")
    visit.reach("#champ-description")
    page.keyboard.type("Un trou de trente centimètres depuis lundi.")
    press("Tab")
    press("Enter")
    page.wait_for_url(re.compile(r"/lieu/$"))


def test_without_javascript_the_first_page_is_filled_all_the_same(visiting):
    visit: Visit = visiting(NO_SCRIPT)
    page = visit.page
    visit.go("/demarches/signalement-voirie/remplir/")
    page.click("#commencer button")
    page.click("#formulaire .actions button")
    assert "Erreur" in page.title()
    page.check("#champ-categorie")
    page.check("#champ-danger-2")
    page.fill("#champ-description", "Un trou de trente centimètres depuis lundi.")
    page.click("#formulaire .actions button")
    assert page.title().startswith("Étape 2 sur 4")


def at_the_place(visit: Visit, tmp_path: Path, content: bytes) -> Path:
    """On the page that asks for a photo; the path of a file said to be one."""
    page = visit.page
    visit.go("/demarches/signalement-voirie/remplir/")
    page.click("#commencer button")
    page.check("#champ-categorie")
    page.check("#champ-danger-2")
    page.fill("#champ-description", "Un trou de trente centimètres depuis lundi.")
    page.click("#formulaire .actions button")
    page.fill("#champ-lieu", "devant le 12 rue des Tilleuls")
    photo = tmp_path / "photo.png"
    photo.write_bytes(content)
    return photo


def test_a_file_that_is_refused_brings_the_page_back_with_its_error(visiting, tmp_path):
    visit: Visit = visiting(NO_SCRIPT)
    page = visit.page
    page.set_input_files("#champ-photo", str(at_the_place(visit, tmp_path, b"pas une image")))
    page.click("#formulaire .actions button")
    page.wait_for_selector("#erreurs")
    assert page.title().startswith("Erreur")
    assert page.input_value("#champ-lieu") == "devant le 12 rue des Tilleuls"


def test_a_file_leaves_as_soon_as_it_is_chosen_and_a_refusal_keeps_the_person_there(visiting, tmp_path):
    visit: Visit = visiting(DESK)
    page = visit.page
    photo = at_the_place(visit, tmp_path, b"pas une image")
    page.set_input_files("#champ-photo", str(photo))
    page.wait_for_selector("#champ-photo-erreur")
    assert page.input_value("#champ-lieu") == "devant le 12 rue des Tilleuls"
    visit.check()
    photo.write_bytes(PIXEL)
    page.set_input_files("#champ-photo", str(photo))
    page.get_by_text("Fichier joint").wait_for()
    assert "photo.png" in page.inner_text(".attached")
    page.click(".attached button")
    page.locator(".attached").wait_for(state="detached")
    visit.check()
