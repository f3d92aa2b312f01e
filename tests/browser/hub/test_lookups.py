"""The pages of lookups as a browser shows them."""

import pytest
from django.urls import reverse

from etoile.sdk import LookupOutcome
from tests.browser.harness.checks import ask as told
from tests.browser.harness.visits import check
from tests.hub.lookups.conftest import ask, said

__all__ = ["ask", "said"]
pytestmark = pytest.mark.browser


def test_the_pages_of_lookups_are_accessible_wide_and_narrow_and_a_trial_is_told(emptied, ask, said, visiting) -> None:
    said.words = {
        "caf": LookupOutcome.unavailable("La CAF ne répond pas."),
        "msa": LookupOutcome.found({"valeur": 620}),
    }
    for number in range(3):
        ask({"nom": f"n{number}"})
    page = visiting(320)
    for path in (reverse("console:lookups"), reverse("console:lookup", args=["quotient-familial"])):
        page.goto(path)
        told(page, "open")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        check(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.fill("input[name='question.nom']", "Dubois")
    page.click("form[action$='/essai/'] button")
    page.wait_for_selector("#erreurs")
    page.fill("form[action$='/essai/'] [name=reason]", "Une famille appelle")
    page.click("form[action$='/essai/'] button")
    page.wait_for_selector("#reponse")
    assert "620" in page.inner_text("section[aria-labelledby=reponse]")
    check(page)
