"""Signing in by a platform as a browser does it: our policy lets it go there, our cookie waits for it to come back."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from etoile.doubles.identity.platforms import PROCONNECT
from etoile.doubles.identity.provider import Client, Provider
from etoile.gru.access import factors
from etoile.gru.identity.environment import Identities
from etoile.gru.identity.platforms import proconnect
from etoile.runtime import totp
from etoile.runtime.security import csp_policy
from etoile.sdk.testing import serve
from tests.browser.harness.pages import Mode
from tests.gru.conftest import Town, make_town

pytestmark = pytest.mark.browser
SECRET, FACTOR = "a-secret-of-the-tests", "DEMOETOILESECRETDEMONSTRATION234"


@pytest.fixture
def town(transactional_db: None) -> Town:
    town = make_town()
    town.agent.email = "alix.moreau@valmont-sur-loire.example"
    town.agent.save()
    factors.give(town.agent, FACTOR)
    return town


@pytest.fixture
def platform(live_server: Any, monkeypatch: Any) -> Iterator[str]:
    here = live_server.url
    known = Client(
        "town", SECRET, (f"{here}/identite/proconnect/retour/",), (f"{here}/identite/proconnect/fin/",), "RS256"
    )
    with serve(Provider(PROCONNECT, known).faults) as address:
        identity = Identities(proconnect=proconnect(f"{address}/api/v2", "town", SECRET, "RS256"))
        monkeypatch.setattr(settings, "IDENTITY", identity)
        monkeypatch.setattr(settings, "CONTENT_SECURITY_POLICY", csp_policy(form_action=identity.origins))
        yield address


def test_an_agent_comes_in_and_leaves_by_proconnect_without_a_script(visiting: Any, platform: str, town: Town) -> None:
    visit = visiting(Mode("no-script", scripts=False))
    page = visit.page
    visit.go("/agents/calendrier/")
    page.click("text=S’identifier avec ProConnect")
    assert page.url.startswith(platform)
    page.click("text=agent de Valmont-sur-Loire")
    page.fill("#id_code", totp.code_at(FACTOR, totp.step_of(time.time())))
    page.click("main form button")
    assert page.url.endswith("/agents/calendrier/")
    page.click("text=Se déconnecter")
    assert page.url.startswith(f"{visit.address}/agents/connexion/")
    assert "ici et de ProConnect" in page.inner_text("main")
    assert visit.complaints == []
