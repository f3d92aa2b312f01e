"""Operators at work in a browser: by the keyboard alone, without JavaScript, in forced colours."""

from collections.abc import Callable
from typing import Any

import pytest

from etoile.hub.delivery.models import Delivery
from etoile.hub.registry.models import Subscription
from tests.browser.harness.visits import check, reach
from tests.browser.hub.conftest import PASSWORD
from tests.hub.console import scenery

pytestmark = pytest.mark.browser


def test_the_content_of_a_message_and_an_error_are_accessible(visiting, waiting):
    page = visiting(color_scheme="dark")
    page.goto(f"/console/messages/{waiting.message_id}/")
    page.click("form[action$='/contenu/'] button")
    page.wait_for_selector("pre.code")
    check(page)
    page.goto(f"/console/envois/{waiting.pk}/")
    page.click("button[name=replay]")
    page.wait_for_selector("#erreurs")
    check(page)
    page.click("#erreurs a")
    assert page.evaluate("document.activeElement.name") == "reason"


@pytest.mark.exigence("A11Y-10")
def test_an_operator_signs_in_and_sends_again_with_the_keyboard_alone(visiting, waiting, person):
    page = visiting(signed_in=False)
    press = page.keyboard.press
    page.goto("/console/envois/")
    press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    reach(page, "#id_username")
    page.keyboard.type(person.email)
    press("Tab")
    page.keyboard.type(PASSWORD)
    press("Enter")
    page.wait_for_selector("table")
    reach(page, "tbody a")
    press("Enter")
    page.wait_for_url(f"**/envois/{waiting.pk}/")
    reach(page, "[name=reason]")
    page.keyboard.type("Application réparée")
    reach(page, "button[name=replay]")
    press("Enter")
    page.wait_for_selector(".tone-success.banner")
    assert Delivery.objects.get().state == "pending"


def test_without_javascript_the_language_is_switched_and_the_list_filtered(visiting, waiting):
    page = visiting(java_script_enabled=False)
    page.goto("/console/envois/")
    page.click("button[value=en]")
    assert page.get_attribute("html", "lang") == "en"
    page.select_option("[name=state]", "stuck")
    page.click("form.filters button")
    assert "Nothing to deal with" in page.inner_text("main")


@pytest.fixture
def busy(emptied: None, load_star: Callable[[str], Any]) -> Delivery:
    """A town at work, with something of everything to look at."""
    load_star(scenery.STAR)
    Subscription.objects.filter(slug="finances-demandes").update(active=False)
    few = {slug: [(state, min(number, 2), age) for state, number, age in of] for slug, of in scenery.BUSY.items()}
    scenery.furnish(few)
    scenery.watched()
    return Delivery.objects.filter(state="dead").first()


def test_the_star_leads_to_each_application_by_the_keyboard_and_stays_in_forced_colours(visiting, busy):
    page = visiting(forced_colors="active")
    page.goto("/console/")
    reach(page, "svg.star a")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("Cartographie : ")
    page.keyboard.press("Enter")
    page.wait_for_url("**/envois/?application=*")
    check(page)
    page.goto("/console/")
    page.set_viewport_size({"width": 320, "height": 900})
    assert not page.is_visible("svg.star")
    assert page.locator(".star-list a:visible").count() > 0


def test_without_javascript_a_decision_is_taken_for_many_deliveries(visiting, busy):
    page = visiting(java_script_enabled=False)
    page.goto("/console/envois/?state=dead")
    page.click("main .button[href*='/ensemble/']")
    page.fill("[name=reason]", "Application réparée")
    page.click("button[name=replay]")
    assert "2 envois repartent." in page.inner_text("main")
    assert Delivery.objects.filter(state="pending", attempts=22).count() == 2
