"""The agents' pages as a browser shows them: signing in, the list, a request, wide and narrow."""

import pytest

from etoile.gru.access.models import Account
from etoile.gru.cases.models import Case
from tests.browser.conftest import Mode, Visit
from tests.gru.portal.journey import filled

pytestmark = pytest.mark.browser

PASSWORD = "une phrase de passe assez longue"


@pytest.fixture
def agent(town, client):
    account = Account(authority=town, email="nadia@valmont.example", given_name="Nadia", family_name="Leroy")
    account.set_password(PASSWORD)
    account.save()
    account.memberships.create(team=town.teams.get(slug="services-techniques"), role="agent")
    client.post(filled(client))
    return account


@pytest.mark.parametrize("mode", [Mode("light", 1280), Mode("dark", 320)], ids=str)
def test_an_agent_signs_in_and_opens_a_request(visiting, agent, mode):
    visit: Visit = visiting(mode)
    page = visit.page
    visit.go("/agents/")
    visit.check()
    page.fill("input[name=username]", agent.email)
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button")
    visit.check()
    page.click(f"main a:has-text('{Case.objects.get().reference}')")
    visit.check()
    assert "devant le 12 rue des Tilleuls" in page.inner_text("main")
