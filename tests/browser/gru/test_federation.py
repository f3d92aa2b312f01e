"""Signing in by a platform as a browser does it: our policy lets it go there, our cookie waits for it to come back."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from etoile.doubles.identity.platforms import FRANCECONNECT, PROCONNECT, Platform
from etoile.doubles.identity.provider import Client, Provider
from etoile.gru.access import factors
from etoile.gru.forms.models import Procedure
from etoile.gru.forms.services import load
from etoile.gru.identity.environment import Identities
from etoile.gru.identity.platforms import franceconnect, proconnect
from etoile.runtime import totp
from etoile.runtime.security import csp_policy
from etoile.sdk.testing import serve
from tests.browser.harness.pages import Mode
from tests.gru.conftest import PROCEDURE, Town, make_town

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
    """Both platforms, for the address that the browser will see."""
    pro, france = (Provider(each, at(live_server.url, each)) for each in (PROCONNECT, FRANCECONNECT))
    with serve(pro.faults) as agents, serve(france.faults) as persons:
        identity = Identities(
            franceconnect=franceconnect(f"{persons}/api/v2", "town", SECRET, "RS256"),
            proconnect=proconnect(f"{agents}/api/v2", "town", SECRET, "RS256"),
        )
        monkeypatch.setattr(settings, "IDENTITY", identity)
        monkeypatch.setattr(settings, "CONTENT_SECURITY_POLICY", csp_policy(form_action=identity.origins))
        yield agents


def at(here: str, platform: Platform) -> Client:
    ends = ((f"{here}/identite/{platform.slug}/{end}/",) for end in ("retour", "fin"))
    return Client("town", SECRET, *ends, "RS256")


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


def test_a_person_shows_who_they_are_by_franceconnect_comes_back_and_leaves(
    visiting: Any, platform: str, town: Town
) -> None:
    version = load(town.authority, {**PROCEDURE, "identity": "eidas1"})
    Procedure.objects.filter(pk=version.procedure_id).update(state="published", current=version)
    visit = visiting(Mode("day"))
    page, start = visit.page, "/demarches/acte/remplir/"
    visit.go(start)
    page.click("text=S’identifier avec")
    page.click("text=Angela Dubois")
    assert page.url == f"{visit.address}{start}"
    page.click("#commencer button:has-text('Commencer')")
    page.wait_for_url("**/remplir/*/vous/")
    visit.go("/mon-espace/")
    page.click("form[action='/mon-espace/deconnexion/'] button")
    page.wait_for_url(f"{visit.address}/")
    assert "votre session FranceConnect aussi" in page.inner_text("main")
    assert visit.complaints == []
