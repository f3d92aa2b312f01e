"""What the script adds to a form being filled: it is saved while one types, and nothing is lost without a network."""

import pytest

from etoile.gru.filling.models import Draft
from tests.browser.harness.pages import Mode
from tests.gru.portal.journey import REPORT

pytestmark = pytest.mark.browser

DESK = Mode("day")


def test_what_is_typed_is_saved_while_one_types_and_outlives_the_tab(visiting):
    visit = visiting(DESK)
    page = visit.page
    page.clock.install()
    visit.go("/demarches/signalement-voirie/")
    page.click("#commencer button")
    page.fill("#champ-description", "Un trou de trente")
    page.clock.fast_forward(4000)
    page.get_by_text("Enregistré à ").wait_for()
    visit.check()
    page.reload()
    assert page.input_value("#champ-description") == "Un trou de trente"


@pytest.mark.parametrize("mode", [DESK, Mode("no-script", scripts=False)], ids=str)
def test_a_draft_is_erased_after_a_question_with_or_without_script(visiting, mode):
    visit = visiting(mode)
    page = visit.page
    visit.go("/demarches/signalement-voirie/")
    page.click("#commencer button")
    page.click(".form-kept summary")
    page.click("[popovertarget=fenetre-effacer] >> nth=0")
    assert Draft.objects.count() == 1
    page.click("#effacer button")
    page.get_by_text("Votre brouillon est effacé.").wait_for()
    assert Draft.objects.count() == 0


def test_without_a_network_the_page_stays_and_says_that_nothing_is_lost(visiting):
    visit = visiting(DESK)
    page = visit.page
    visit.go("/demarches/signalement-voirie/")
    page.click("#commencer button")
    page.check("#champ-categorie")
    page.check("#champ-danger-2")
    page.fill("#champ-description", REPORT["probleme"]["description"])
    page.context.set_offline(True)
    page.click("#formulaire .actions button")
    assert "Ce que vous avez écrit reste ici" in page.inner_text("#annonces")
    assert page.input_value("#champ-description") == REPORT["probleme"]["description"]
    page.context.set_offline(False)
    page.locator("#annonces .toast").wait_for(state="detached")
    page.click("#formulaire .actions button")
    page.wait_for_url("**/lieu/")
    assert Draft.objects.get().completed == ["probleme"]
