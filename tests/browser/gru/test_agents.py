"""The agents' pages as a browser shows them: axe, keyboard, narrow, without JavaScript."""

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from etoile.gru.access import factors
from etoile.gru.access.models import Membership, Role
from etoile.gru.cases import actors, services
from etoile.gru.cases.models import Case, Handoff
from etoile.gru.cases.states import State
from etoile.gru.desk import replies
from etoile.gru.desk.models import Reply
from etoile.gru.inbox.models import IncomingEvent
from etoile.gru.outbox.models import OutgoingEvent
from etoile.runtime import totp
from tests.browser.harness.pages import Mode
from tests.browser.harness.visits import Visit
from tests.gru.conftest import Town, log_in, make_town

pytestmark = pytest.mark.browser

DESK, NO_SCRIPT = Mode("day"), Mode("no-script", scripts=False)
PASSWORD = "une phrase de passe assez longue"
SECRET = "DEMOETOILESECRETDEMONSTRATION234"


@dataclass
class Office:
    """A town at work: a new case, one in the middle of everything, one decided, and two anomalies."""

    town: Town
    new: Case
    busy: Case
    decided: Case

    def address(self, case: Case) -> str:
        return f"/agents/demandes/{case.pk}/"


@pytest.fixture
def town(transactional_db: None) -> Town:
    """In place of the portal's town: `visiting` opens this one."""
    cache.clear()
    town = make_town()
    town.agent.set_password(PASSWORD)
    factors.give(town.agent, SECRET)
    town.agent.save()
    Membership.objects.update(role=Role.MANAGER)
    return town


@pytest.fixture
def office(town: Town) -> Office:
    office = Office(town, town.submit(), town.submit(), town.submit())
    fill(office.busy, town)
    services.decide(office.decided.pk, town.agent, outcome=State.REFUSED, reasons="L’acte n’est pas conservé ici.")
    OutgoingEvent.objects.filter(subject=office.new.subject).update(state="refused", problem={"title": "Contrat"})
    IncomingEvent.objects.create(
        source="voirie",
        event_id="1",
        type="org.etoile.case.status_changed.v1",
        subject="case/inconnue",
        authority=town.authority.siret,
        digest=b"0" * 32,
        body="{}",
        state="quarantined",
        why="demande inconnue dans cette collectivité",
    )
    return office


def fill(case: Case, town: Town) -> None:
    soon = timezone.localdate() + timedelta(days=3)
    services.start(case.pk, town.agent)
    services.post_message(case.pk, actors.agent(town.agent), "Bonjour, une précision ?")
    services.post_message(case.pk, actors.person("Camille Martin"), "Bonjour.\nLa voici.")
    services.ask_document(case.pk, town.agent, items=[{"name": "Livret de famille"}], deadline=soon)
    Case.objects.filter(pk=case.pk).update(silence_date=soon)
    Handoff.objects.create(
        case=case,
        delivery="d1",
        message_type="org.etoile.case.submitted.v1",
        application="voirie",
        application_name="Services techniques",
        state=Handoff.State.WAITING,
        detail="L’application ne répond pas ; un nouvel essai est prévu.",
        occurred_at=timezone.now(),
    )


def signed_in(visit: Visit, town: Town) -> Visit:
    client = Client()
    log_in(client, town.agent)
    name = settings.SESSION_COOKIE_NAME
    visit.page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": visit.address}])
    return visit


def test_the_errors_are_accessible_and_lead_to_their_field(visiting: Any, office: Office) -> None:
    visit: Visit = signed_in(visiting(DESK), office.town)
    page = visit.page
    visit.go(office.address(office.new))
    page.click("main a:has-text('Décider')")
    page.check("[value=refused]")
    page.click("form[action$='/decision/'] .bench-actions button")
    page.wait_for_selector("#erreurs")
    visit.check()
    page.click("#erreurs a")
    assert page.evaluate("document.activeElement.name") == "decision-reasons"

    visit.go("/agents/anomalies/")
    page.click("summary >> nth=0")
    page.click("button[name=drop] >> nth=0")
    page.wait_for_selector("#erreurs")
    visit.check()


@pytest.mark.exigence("A11Y-10")
def test_an_agent_treats_a_case_to_the_next_one_with_the_keyboard_alone(visiting: Any, office: Office) -> None:
    words = "Bonjour {{ person }}, votre acte part demain."
    replies.save(Reply(team=office.town.team, name="Acte prêt", body=words), office.town.agent)
    visit: Visit = visiting(DESK)
    sign_in(visit, office)
    # The second line of the list: the new case comes after the busy one.
    visit.page.keyboard.press("s")
    visit.page.keyboard.press("s")
    assert visit.page.evaluate("document.activeElement.textContent") == office.new.reference
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url(f"**{office.address(office.new)}")
    take_and_note(visit, office)
    answer(visit)
    decide(visit)
    assert Case.objects.get(pk=office.new.pk).state == "accepted"
    visit.page.keyboard.press("p")
    visit.page.wait_for_url(f"**{office.address(office.busy)}")
    switch_keys_off(visit)
    assert visit.page.url.endswith(office.address(office.busy))
    assert visit.complaints == []


def sign_in(visit: Visit, office: Office) -> None:
    page, press = visit.page, visit.page.keyboard.press
    visit.go("/agents/")
    press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    press("Enter")
    assert visit.focused() == "contenu"
    visit.reach("#id_username")
    page.keyboard.type(office.town.agent.email)
    press("Tab")
    page.keyboard.type(PASSWORD)
    press("Enter")
    arrive(visit, "#id_code")
    visit.reach("#id_code")
    page.keyboard.type(totp.code_at(SECRET, totp.step_of(time.time())))
    press("Enter")
    arrive(visit, "table")


def arrive(visit: Visit, selector: str) -> None:
    """The page that holds it, with its scripts run: a key pressed before them is nobody's."""
    visit.page.wait_for_selector(selector)
    visit.page.wait_for_load_state()


def take_and_note(visit: Visit, office: Office) -> None:
    """Letters typed in the note are words, not keys."""
    page, press = visit.page, visit.page.keyboard.press
    press("c")
    arrive(visit, ".banner")
    press("n")
    page.keyboard.type("Cherché dans le registre, puis décidé : rien ne manque.")
    assert page.url.endswith(office.address(office.new))
    visit.reach("form[action$='/notes/'] > button")
    press("Enter")
    arrive(visit, ".desk-note")


def answer(visit: Visit) -> None:
    page, press = visit.page, visit.page.keyboard.press
    press("r")
    assert page.evaluate("document.activeElement.name") == "message-body"
    visit.reach("[name=message-reply]", "Shift+Tab")
    press("ArrowDown")
    visit.reach("[name=insert]")
    press("Enter")
    page.wait_for_url("**#message")
    visit.reach("form[action$='/messages/'] > button")
    press("Enter")
    arrive(visit, ".thread")
    assert "Bonjour Camille Martin, votre acte part demain." in page.inner_text(".thread")


def decide(visit: Visit) -> None:
    visit.page.keyboard.press("d")
    visit.page.wait_for_url("**faire=decider#agir")
    visit.reach("[value=accepted]")
    visit.page.keyboard.press("Space")
    visit.reach("form[action$='/decision/'] .bench-actions button")
    visit.page.keyboard.press("Enter")
    arrive(visit, ".banner")


def switch_keys_off(visit: Visit) -> None:
    page, press = visit.page, visit.page.keyboard.press
    press("?")
    assert page.evaluate("document.activeElement.closest('details.shortcuts').open")
    press("Escape")
    assert page.evaluate("document.querySelector('details.shortcuts').open") is False
    press("?")
    visit.reach("[name=off]")
    press("Enter")
    page.wait_for_selector(".banner")
    press("l")
    press("?")
    assert page.evaluate("document.activeElement.closest('details')") is None


def test_without_javascript_a_case_is_taken_up_and_answered(visiting: Any, office: Office) -> None:
    visit: Visit = signed_in(visiting(NO_SCRIPT), office.town)
    page = visit.page
    visit.go(office.address(office.new))
    page.click("form[action$='/prise-en-charge/'] button")
    page.fill("[name=message-body]", "Votre demande avance.")
    page.click("form[action$='/messages/'] > button")
    assert "Votre demande avance." in page.inner_text(".thread")
    assert Case.objects.get(pk=office.new.pk).assignee == office.town.agent


def test_on_a_phone_the_parts_of_a_case_are_folded_but_the_one_asked_for(visiting: Any, office: Office) -> None:
    visit: Visit = signed_in(visiting(Mode("phone", width=320)), office.town)
    page, opened = visit.page, "[...document.querySelectorAll('[data-fold][open]')].map((each) => each.id)"
    visit.go(office.address(office.busy) + "#notes")
    assert page.evaluate(opened) == ["notes"]
    page.click("#parties a[href='#historique']")
    page.wait_for_selector("#historique[open]")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.wait_for_selector("#documents[open]")
    assert page.evaluate("document.querySelectorAll('[data-fold]:not([open])').length") == 0
