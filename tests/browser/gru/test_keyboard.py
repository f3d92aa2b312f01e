"""A citizen without a mouse: from the home page to the tracking of a request, its photograph sent on the way."""

import re
from pathlib import Path

import pytest

from etoile.gru.cases.models import Case
from etoile.gru.documents.models import Document
from tests.browser.harness.pages import DAY
from tests.browser.harness.visits import Visit
from tests.gru.portal.journey import PIXEL

pytestmark = pytest.mark.browser

PERSON = {
    "applicant_family_name": "Martin",
    "applicant_given_names": "Camille",
    "applicant_email": "camille.martin@exemple.fr",
    "applicant_address": "12 rue des Tilleuls",
    "applicant_address-postal_code": "49999",
    "applicant_address-city": "Valmont-sur-Loire",
}


@pytest.mark.exigence("A11Y-10")
def test_a_citizen_finds_fills_sends_and_follows_with_the_keyboard_alone(visiting, tmp_path):
    photo = Path(tmp_path / "trou.png")
    photo.write_bytes(PIXEL)
    visit: Visit = visiting(DAY)
    page, press, write = visit.page, visit.page.keyboard.press, visit.page.keyboard.type
    page.on("filechooser", watched)
    visit.go("/")
    visit.reach("form[role=search] input")
    write("nid de poule")
    press("Enter")
    page.wait_for_url("**/recherche?**")
    visit.reach("main a[href$='/demarches/signalement-voirie/']")
    press("Enter")
    page.wait_for_url("**/signalement-voirie/")
    visit.reach("#commencer a")
    press("Enter")
    page.wait_for_url("**/remplir/")
    visit.reach("#commencer .actions button")
    press("Enter")

    page.wait_for_url(re.compile(r"/probleme/$"))
    visit.reach("#champ-categorie")
    press("Space")
    visit.reach("#champ-danger")
    press("ArrowDown")
    visit.reach("#champ-description")
    write("Un trou de trente centimètres depuis lundi.")
    send(visit)

    page.wait_for_url(re.compile(r"/lieu/$"))
    visit.reach("#champ-lieu")
    write("devant le 12 rue des Tilleuls")
    visit.reach("#champ-photo")
    with page.expect_file_chooser() as chosen:
        press("Space")
    chosen.value.set_files(str(photo))
    send(visit)

    page.wait_for_url(re.compile(r"/vos-coordonnees/$"))
    for name, value in PERSON.items():
        visit.reach(f"[id='champ-{name}']")
        write(value)
    send(visit)

    page.wait_for_url(re.compile(r"/verifier$"))
    visit.reach("#envoyer .actions button")
    press("Enter")
    page.wait_for_url("**/envoyee")
    case = Case.objects.get()
    assert Document.objects.filter(holder=case.pk).count() == 1
    visit.reach("main a[href*='/suivi/']:not([href*='accuse'])")
    press("Enter")
    page.wait_for_url("**/suivi/**")
    visit.reach("#champ-message")
    write("Merci !")
    visit.reach("#ecrire button")
    press("Enter")
    page.wait_for_selector(".tone-success.banner")
    assert case.messages.count() == 1
    assert visit.complaints == []


def watched(_chooser: object) -> None:
    """Nothing: choosers are watched from the start. One that opens while Playwright begins to is the browser's own."""


def send(visit: Visit) -> None:
    visit.reach("#formulaire .actions button:not([name])")
    visit.page.keyboard.press("Enter")
