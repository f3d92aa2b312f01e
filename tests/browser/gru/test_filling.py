"""What the script adds to a form being filled: it is saved while one types, and nothing is lost without a network."""

from pathlib import Path

import pytest
import yaml

from etoile.gru.access.models import Authority
from etoile.gru.filling import asking
from etoile.gru.filling.models import Draft
from etoile.gru.forms.models import Procedure
from etoile.gru.forms.services import load, publish
from etoile.gru.forms.tables import services as tables
from etoile.gru.lookups.door import Question, Reply
from tests.browser.harness.pages import Mode
from tests.browser.harness.visits import Visit
from tests.gru.conftest import PROCEDURE
from tests.gru.filling.fair import asked
from tests.gru.filling.fair import page as page_of
from tests.gru.filling.test_every_type import KINDS, MORE
from tests.gru.portal.journey import REPORT
from tests.gru.portal.test_sources import CARD

pytestmark = pytest.mark.browser

DESK = Mode("day")
PROCEDURES = Path(__file__).parents[3] / "procedures"


def begin(visit: Visit, procedure: str) -> None:
    """The first page of a form, its scripts run: what is typed before them is kept by its button alone."""
    visit.go(f"/demarches/{procedure}/remplir/")
    visit.page.click("#commencer button")
    visit.page.wait_for_load_state()


def test_what_is_typed_is_saved_while_one_types_and_outlives_the_tab(visiting):
    visit = visiting(DESK)
    page = visit.page
    page.clock.install()
    begin(visit, "signalement-voirie")
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
    begin(visit, "signalement-voirie")
    page.click(".form-kept summary")
    page.click("[popovertarget=fenetre-effacer] >> nth=0")
    assert Draft.objects.count() == 1
    page.click("#effacer button")
    page.get_by_text("Votre brouillon est effacé.").wait_for()
    assert Draft.objects.count() == 0


def test_without_a_network_the_page_stays_and_says_that_nothing_is_lost(visiting):
    visit = visiting(DESK)
    page = visit.page
    begin(visit, "signalement-voirie")
    page.check("#champ-categorie")
    page.check("#champ-danger-2")
    page.fill("#champ-description", REPORT["probleme"]["description"])
    page.context.set_offline(True)
    page.click("#formulaire .actions button")
    page.locator("#annonces", has_text="Ce que vous avez écrit reste ici").wait_for()
    assert page.input_value("#champ-description") == REPORT["probleme"]["description"]
    page.context.set_offline(False)
    page.locator("#annonces .toast").wait_for(state="detached")
    page.click("#formulaire .actions button")
    page.wait_for_url("**/lieu/")
    assert Draft.objects.get().completed == ["probleme"]


@pytest.fixture
def fair(town):
    """The ready-made procedure with a block, calculations, a price and a refusal."""
    source = yaml.safe_load((PROCEDURES / "vide-grenier.yaml").read_text("utf-8"))
    return publish(load(town, source | {"team": town.teams.first().slug}))


def test_the_page_follows_the_answers_row_by_row_and_says_what_it_costs(visiting, fair):
    visit = visiting(DESK)
    page = visit.page
    visit.go("/demarches/vide-grenier/remplir/")
    visit.check()
    page.click("#commencer button")
    page.wait_for_load_state()
    page.wait_for_url("**/emplacement/")
    page.evaluate("self.same = true")
    page.check("#champ-vendeur")
    page.locator("#champ-ventes_annee").wait_for()
    row = page.locator(".repeated-row").first
    row.get_by_label("Longueur").fill("4")
    row.get_by_label("Oui").check()
    # What is typed while the page changes stays as it is, with the focus in it.
    row.get_by_label("Immatriculation").fill("AB-123-CD")
    page.locator("#prix output", has_text="12,00").wait_for()
    page.get_by_role("button", name="Ajouter : Emplacement 2").click()
    second = page.locator(".repeated-row").nth(1)
    second.wait_for()
    page.wait_for_function("document.activeElement.id.endsWith('-metres')")
    second.get_by_label("Longueur").fill("3")
    second.get_by_label("Non").check()
    page.locator("#prix output", has_text="21,00").wait_for()
    assert row.get_by_label("Immatriculation").input_value() == "AB-123-CD"
    page.check("#champ-ventes_annee-3")
    page.locator("#refus .banner").wait_for()
    visit.check()
    page.check("#champ-ventes_annee")
    page.locator("#refus .banner").wait_for(state="detached")
    second.get_by_role("button", name="Retirer").click()
    second.wait_for(state="detached")
    # Rows came and went without another page.
    assert page.evaluate("self.same") is True
    page.locator("#prix output", has_text="12,00").wait_for()
    page.check("#champ-habitant")
    page.click("#formulaire > .actions button")
    page.wait_for_url("**/vous/")
    assert [row["immatriculation"] for row in Draft.objects.get().answers["stands"]] == ["AB-123-CD"]


def test_a_saving_that_fails_is_seen_and_done_again(visiting):
    visit = visiting(DESK)
    page = visit.page
    page.clock.install()
    begin(visit, "signalement-voirie")
    page.route("**/probleme/", lambda route: route.fulfill(status=503))
    page.fill("#champ-description", "Un trou de trente")
    page.clock.fast_forward(3000)
    page.get_by_text("Pas enregistré.").wait_for()
    assert page.input_value("#champ-description") == "Un trou de trente"
    page.unroute("**/probleme/")
    page.clock.fast_forward(11_000)
    page.get_by_text("Enregistré à ").wait_for()
    assert Draft.objects.get().answers["description"] == "Un trou de trente"


def test_a_button_pressed_while_something_is_being_saved_leaves_after_it(visiting):
    visit = visiting(DESK)
    page = visit.page
    said, held, order = [], [], []

    def slowly(route):
        if "hx-request" in route.request.headers:
            held.append(route)
        else:
            order.append("sent")
            route.continue_()

    page.on("console", lambda message: said.append(message.text))
    page.on("response", lambda answer: order.append("saved") if "hx-request" in answer.request.headers else None)
    begin(visit, "signalement-voirie")
    with page.expect_response(lambda answer: "hx-request" in answer.request.headers):
        page.check("#champ-categorie")
        page.check("#champ-danger-2")
    # Two answers, two savings perhaps: both are over.
    page.wait_for_load_state("networkidle")
    order.clear()
    page.route("**/probleme/", slowly)
    with page.expect_request(lambda asked: "hx-request" in asked.headers):
        page.fill("#champ-description", REPORT["probleme"]["description"])
    page.click("#formulaire .actions button", no_wait_after=True)
    page.locator("#formulaire .actions button[aria-busy=true]").wait_for()
    for each in held:
        each.continue_()
    page.wait_for_url("**/lieu/")
    assert (order, said) == (["saved"] * len(held) + ["sent"], [])
    assert Draft.objects.get().answers["description"] == REPORT["probleme"]["description"]


def test_a_table_is_searched_while_one_types_and_the_hub_answers_when_an_answer_is_left(visiting, monkeypatch):
    monkeypatch.setattr(asking, "door", lambda: Hub())
    lines = "\n".join(f"{n};Zone {n};{n}" for n in range(40))
    visit, town = visiting(DESK), Authority.objects.get()
    tables.import_csv(town, "zones-stationnement", f"code;nom;tarif\n{lines}".encode())
    publish(load(town, CARD))
    page = visit.page
    begin(visit, "stationnement-resident")
    page.locator("#champ-zone").press_sequentially("zone 7")
    page.get_by_label("Zone 7", exact=True).check()
    assert page.input_value("#champ-zone") == "zone 7", "the box being typed in was left alone"
    page.get_by_text("7,00").wait_for()
    page.fill("#champ-rue_ecrite", "rue des la")
    page.locator("#champ-immatriculation").focus()
    page.get_by_label("Rue des Lances").check()
    page.get_by_text("Centre").wait_for()
    visit.check()
    assert page.is_checked("input[name='zone.key'][value='7']")
    page.fill("#champ-immatriculation", "AB-123-CD")
    page.click("#formulaire .actions button")
    page.wait_for_url("**/demandeur/")
    assert Draft.objects.get().answers["rue"]["data"]["nom"] == "Rue des Lances"


class Hub:
    """In the door's place: two streets."""

    def ask(self, questions: list[Question]) -> list[Reply]:
        streets = [{"code": str(n), "nom": name, "quartier": "Centre"}
                   for n, name in enumerate(("Rue des Lavoirs", "Rue des Lances"))]  # fmt: skip
        return [Reply("found", {"items": streets}) for _each in questions]


def test_the_widgets_of_every_type_are_for_everyone_when_they_are_asked_and_when_they_are_wrong(visiting):
    fields = [asked(name, kind, required=True, **MORE.get(name, {})) for name, kind in KINDS.items()]
    known = Procedure.objects.get(slug="signalement-voirie")
    source = {**PROCEDURE, "slug": "tout", "team": known.team.slug, "pages": [page_of("tout", *fields)]}
    version = load(known.authority, source)
    Procedure.objects.filter(pk=version.procedure_id).update(state="published", current=version)
    visit = visiting(Mode("narrow-night", "dark", 320))
    page = visit.page
    begin(visit, "tout")
    visit.check()
    assert not page.is_visible("#champ-raison-other")
    page.check("#champ-raison-3")
    assert page.is_visible("#champ-raison-other")
    page.click("#formulaire .actions button")
    page.wait_for_selector("#erreurs")
    visit.check()
    for link in page.locator("#erreurs a").all():
        assert page.locator(str(link.get_attribute("href"))).count() == 1
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 47.4736, "longitude": -0.5542})
    page.click("[data-locate] button")
    page.get_by_text("Position ajoutée.").wait_for()
    assert page.input_value("#champ-point-latitude") == "47,47360"
