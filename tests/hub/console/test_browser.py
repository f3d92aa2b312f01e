"""The operator's pages as a browser shows them: axe, keyboard, narrow, without JavaScript."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from etoile.contract.identifiers import uuid7
from etoile.hub.delivery.models import Delivery
from etoile.hub.reconciliation.models import Report
from etoile.hub.registry.models import Operator, Subscription
from tests.hub.console import scenery

# The sync API of Playwright keeps a loop running in this thread: Django must be told that it is not serving from it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

pytestmark = pytest.mark.browser

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "RGAAv4"]}
OPEN_ALL = "document.querySelectorAll('details').forEach(each => each.open = true)"
PASSWORD = "une phrase de passe assez longue"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is absent: apt-get install chromium")
        pytest.skip("Chromium is absent: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(django_db_setup: None) -> Iterator[str]:
    """The console served with its style sheets, taken where they are written."""
    with override_settings(WHITENOISE_USE_FINDERS=True, WHITENOISE_AUTOREFRESH=True):
        server = LiveServer("localhost")
        yield server.url
        server.stop()


@pytest.fixture
def waiting(emptied: None, town: Any, delivery: Delivery) -> Delivery:
    """A delivery that failed twice and waits for its third try."""
    now = timezone.now()
    Delivery.objects.update(
        state="retry_scheduled", attempts=2, due=now + timedelta(hours=1), detail="L’application ne répond pas."
    )
    with connection.cursor() as cursor:
        for number in (1, 2):
            cursor.execute(
                "INSERT INTO delivery_attempt"
                " (id, delivery_id, number, worker, started_at, finished_at, outcome, detail)"
                " VALUES (%s, %s, %s, 'w', %s, %s, 'retry', 'connexion refusée')",
                [uuid7(), delivery.pk, number, now, now],
            )
    return Delivery.objects.get()


@pytest.fixture
def person(transactional_db: None) -> Operator:
    cache.clear()
    person = Operator(email="exploitante@example.org", name="Léa Martin", role="administrator")
    person.set_password(PASSWORD)
    person.save()
    return person


@pytest.fixture
def visiting(chromium: Browser, address: str, person: Operator) -> Iterator[Callable[..., Page]]:
    """`visiting(width)` opens a page of the console, signed in unless told."""
    opened = []

    def visit(width: int = 1280, *, signed_in: bool = True, **context: Any) -> Page:
        view = chromium.new_context(
            base_url=address, locale="fr-FR", viewport={"width": width, "height": 900}, **context
        )
        opened.append(view)
        if signed_in:
            client = Client()
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
            name = settings.SESSION_COOKIE_NAME
            view.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])
        return view.new_page()

    yield visit
    for view in opened:
        view.close()


def pages(delivery: Delivery) -> list[str]:
    details = [f"/console/envois/{delivery.pk}/", f"/console/messages/{delivery.message_id}/"]
    lists = ["/console/", "/console/envois/", "/console/envois/?state=stuck", "/console/messages/"]
    return [*lists, *details, "/console/applications/", "/console/accessibilite/"]


def check(page: Page) -> None:
    assert page.evaluate("[...document.styleSheets].filter(sheet => sheet.cssRules.length > 10).length") == 4
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()


def test_every_page_is_accessible_with_all_its_parts_open(visiting, waiting, subtests):
    visitor = visiting(signed_in=False)
    visitor.goto("/console/")
    check(visitor)
    page = visiting()
    for path in pages(waiting):
        with subtests.test(page=path):
            page.goto(path)
            page.evaluate(OPEN_ALL)
            check(page)


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


def test_no_page_scrolls_sideways_on_a_narrow_screen(visiting, waiting, subtests):
    page = visiting(320)
    for path in pages(waiting):
        with subtests.test(page=path):
            page.goto(path)
            page.evaluate(OPEN_ALL)
            assert page.evaluate("document.documentElement.scrollWidth") <= 320


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


def test_every_page_of_a_busy_town_is_accessible_and_fits_a_narrow_screen(visiting, busy, subtests):
    report = Report.objects.get().pk
    paths = ["", f"envois/{busy.pk}/", "envois/ensemble/?state=dead", "envois/?words=délai", "chiffres/", "alertes/",
             "quarantaine/", "rapprochement/", f"rapprochement/{report}/", "journal/"]  # fmt: skip
    page = visiting(color_scheme="dark")
    for path in paths:
        with subtests.test(page=path):
            page.set_viewport_size({"width": 1280, "height": 900})
            page.goto(f"/console/{path}")
            page.evaluate(OPEN_ALL)
            check(page)
            page.set_viewport_size({"width": 320, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= 320


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
    assert page.is_visible("table")


def test_without_javascript_a_decision_is_taken_for_many_deliveries(visiting, busy):
    page = visiting(java_script_enabled=False)
    page.goto("/console/envois/?state=dead")
    page.click("main .button[href*='/ensemble/']")
    page.fill("[name=reason]", "Application réparée")
    page.click("button[name=replay]")
    assert "2 envois repartent." in page.inner_text("main")
    assert Delivery.objects.filter(state="pending", attempts=22).count() == 2


def reach(page: Page, selector: str) -> None:
    """Press Tab until the focus is there, and see that it shows."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none", selector
            return
    raise AssertionError(f"the keyboard does not reach {selector}")
