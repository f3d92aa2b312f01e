"""The registry in a browser: a trial and an error, the keyboard alone, no JavaScript."""

import pytest

from etoile.hub.registry import editing
from etoile.hub.registry.changes import By
from etoile.hub.registry.models import Subscription
from etoile.hub.registry.star import ApplicationPart, SubscriptionPart
from tests.browser.harness.checks import ask
from tests.browser.harness.visits import check, reach
from tests.hub.conftest import SUBMITTED, TOWN

pytestmark = pytest.mark.browser
BY = By("exploitante@example.org", "Branchement du nouvel éditeur")
CONFIGURATION = {
    "base_url": "https://urbanisme.example",
    "authentication": {"kind": "api_key"},
    "request": {"path": "/dossiers"},
    "success": {"external_id": "response.id"},
    "errors": [{"when": "response.status == 409", "outcome": "manual", "message": "Déjà là"}],
}
MAPPING = {"reference": "=event.data.case.reference", "demandeur": "=event.data.applicant.family_name"}


@pytest.fixture
def plugged(waiting):
    """An application plugged in from the screen, changed once since."""
    part = {
        "slug": "urbanisme",
        "name": "Urbanisme",
        "vendor": "Éditeur fictif",
        "domain": "urbanisme",
        "authorities": [TOWN],
        "receives": [SUBMITTED],
        "emits": ["org.etoile.case.status_changed.v1"],
    }
    editing.keep_application(ApplicationPart(**part), by=BY)
    editing.keep_application(ApplicationPart(**part | {"vendor": "Éditeur neuf"}), by=BY)
    editing.make_credential("urbanisme", "urbanisme", ["mailbox", "events:write"], by=BY)
    values = {
        "slug": "urbanisme-demandes",
        "application": "urbanisme",
        "type": SUBMITTED,
        "connector": "http_json",
        "configuration": CONFIGURATION,
        "mapping": MAPPING,
        "filter": "event.data.procedure.slug != 'acte-naissance'",
        "fields": ["case.reference", "applicant.family_name"],
    }
    editing.keep_subscription(SubscriptionPart(**values), by=BY, sealed={"api_key": "tres-secret"})
    return Subscription.objects.get(slug="urbanisme-demandes")


def test_a_trial_and_a_form_in_error_are_accessible(visiting, plugged):
    page = visiting()
    page.goto("/console/abonnements/urbanisme-demandes/essai/")
    page.click("main form button >> nth=0")
    page.wait_for_selector("#partirait")
    ask(page, "open")
    check(page)
    assert "tres-secret" not in page.content()
    page.goto("/console/abonnements/urbanisme-demandes/modifier/")
    page.fill("[name='reglage.base_url']", "ftp://x")
    page.fill("[name='filtre']", "event.")
    page.click("main form button:not([name]) >> nth=0")
    page.wait_for_selector("#erreurs")
    check(page)
    page.click("#erreurs a >> nth=1")
    assert page.evaluate("document.activeElement.name") == "reglage.base_url"


def test_a_subscription_is_created_without_javascript_and_paused_by_the_keyboard(visiting, plugged):
    page = visiting(java_script_enabled=False)
    page.goto("/console/abonnements/nouveau/?application=urbanisme")
    page.select_option("[name=connecteur]", "mailbox")
    page.click("main form button")
    page.fill("[name=slug]", "urbanisme-boite")
    page.fill("[name=reason]", "Relève par la boîte")
    page.click("main form button:not([name]) >> nth=0")
    assert page.inner_text("h1") == "urbanisme-boite"
    keyboard = visiting()
    keyboard.goto("/console/abonnements/urbanisme-boite/")
    reach(keyboard, "[name=reason]")
    keyboard.keyboard.type("Maintenance")
    reach(keyboard, "button[name=hold]")
    keyboard.keyboard.press("Enter")
    keyboard.wait_for_selector(".tone-success.banner")
    assert not Subscription.objects.get(slug="urbanisme-boite").active
