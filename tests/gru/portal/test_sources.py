"""The demonstration's parking card: a street asked of the hub, a zone chosen in a table; a longer table; a link."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from django.db import connection
from django.test.utils import CaptureQueriesContext

from etoile.gru.access.models import ApiClient
from etoile.gru.cases.models import Case
from etoile.gru.filling import asking, prefill_links
from etoile.gru.filling.models import Draft
from etoile.gru.forms.services import load, publish
from etoile.gru.forms.tables import services as tables
from etoile.gru.lookups.door import Reply
from tests.gru.api.calling import Caller
from tests.gru.portal.conftest import PROCEDURES
from tests.gru.portal.journey import REPORT, started

TOWN = Path(__file__).parents[3] / "src/etoile/demo/town"
CARD = yaml.safe_load((TOWN / "procedures/stationnement-resident.yaml").read_text("utf-8"))
ZONES = (TOWN / "tables/zones-stationnement.csv").read_bytes()
STREETS = [{"code": "0010", "nom": "Rue des Lavoirs", "quartier": "Bords de Loire"},
           {"code": "0060", "nom": "Rue des Lances", "quartier": "Centre"}]  # fmt: skip


class Hub:
    """In the door's place."""

    reply = Reply("found", {"items": STREETS}, "2026-11-28T08:00:00+00:00")
    asked = 0

    def ask(self, questions):
        self.asked += len(questions)
        return [self.reply for _each in questions]


@pytest.fixture
def hub(monkeypatch):
    made = Hub()
    monkeypatch.setattr(asking, "door", lambda: made)
    return made


@pytest.fixture
def card(town):
    tables.import_csv(town, "zones-stationnement", ZONES)
    return publish(load(town, CARD))


def follow(client, address, posted, budget=20):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        answer = client.post(address, posted)
    assert len(seen) <= budget, [each["sql"][:90] for each in seen]
    page = client.get(urlsplit(answer["Location"]).path) if answer.status_code == 302 else answer
    return answer, page.content.decode()


TYPED = {"rue_ecrite": "rue des la", "zone.key": "P", "immatriculation": "AB-123-CD"}
YOU = REPORT["vos-coordonnees"]


def test_a_street_found_through_the_hub_and_a_zone_of_a_table_make_a_request(client, card, hub):
    address = started(client, "stationnement-resident")
    answer, html = follow(client, address, TYPED)
    assert (answer.status_code, hub.asked) == (302, 1)
    assert urlsplit(answer["Location"]).path == address, "what came is shown before going on"
    assert "Rue des Lavoirs" in html and "Information obtenue le 28 novembre 2026" in html
    assert '<option value="P" selected>' in html and "30,00" in html
    answer, html = follow(client, address, {**TYPED, "rue": "0060"})
    assert answer["Location"].endswith("/demandeur/")
    answer, html = follow(client, answer["Location"], YOU)
    assert "Rue des Lances" in html and "Zone verte" in html
    client.post(answer["Location"])
    kept = Case.objects.get().answers
    assert kept["rue"] == {"state": "fetched", "data": STREETS[1], "at": "2026-11-28T08:00:00+00:00"}
    assert kept["zone"] == {"key": "P", "label": "Zone verte, port", "tarif": "30"}
    assert (kept["prix"], hub.asked) == (3000, 1)


@pytest.mark.exigence("CRPA-16")
def test_when_the_hub_is_silent_the_question_is_asked_of_the_person_who_goes_on(client, card, hub):
    hub.reply = Reply("unavailable", message="Personne ne répond.", instead="le nom de la voie")
    address = started(client, "stationnement-resident")
    _answer, html = follow(client, address, TYPED)
    assert "Personne ne répond. Vous pouvez continuer sans elle. Préparez plutôt" in html
    assert "Réessayer" in html and 'name="rue_precision"' in html
    answer, _html = follow(client, address, {**TYPED, "rue_precision": "Rue des Lavoirs"})
    assert (answer["Location"].endswith("/demandeur/"), hub.asked) == (True, 1)
    hub.reply = Hub.reply
    _answer, html = follow(client, address, {**TYPED, "attach": "rue"})
    assert hub.asked == 2 and "Bords de Loire" not in html and "Rue des Lances" in html


def test_a_long_table_is_searched_by_a_button_or_while_one_types(client, card, hub):
    lines = "\n".join(f"{n};Zone {n} {'nord' if n % 2 else 'sud'};{n}" for n in range(40))
    tables.import_csv(card.procedure.authority, "zones-stationnement", f"code;nom;tarif\n{lines}".encode())
    address = started(client, "stationnement-resident")
    page = client.get(address).content.decode()
    assert 'name="zone.words"' in page and 'name="zone.key"' not in page
    answer, html = follow(client, address, {"zone.words": "SÚD", "attach": "zone"})
    assert answer["Location"].endswith("#champ-zone") and "20 premières" not in html
    assert html.count('name="zone.key"') == 20
    stamp = Draft.objects.get().updated_at.isoformat()
    shown = re.search(r'id="shown" value="([^"]+)"', html)[1]
    live = client.post(address, {"zone.words": "zone 7", "stamp": stamp, "shown": shown},
                       headers={"HX-Request": "true"}).content.decode()  # fmt: skip
    assert live.count('name="zone.key"') == 1 and 'name="zone.words"' not in live, (
        "the box being typed in is left alone"
    )
    chosen = {**TYPED, "zone.words": "zone 7", "zone.searched": "zone 7", "zone.key": "7"}
    follow(client, address, chosen)
    assert Draft.objects.get().answers["zone"]["label"] == "Zone 7 nord"
    answer, html = follow(client, address, {**chosen, "zone.words": "zone"})
    assert answer.status_code == 422 and "choisissez une réponse parmi celles qui sont proposées" in html


def test_a_link_fills_in_a_form_and_what_is_only_read_stays_as_it_was_given(client, town, hub):
    definition = yaml.safe_load((PROCEDURES / "signalement-voirie.yaml").read_text("utf-8"))
    sections = [section for page in definition["pages"] for section in page.get("sections", ()) if "fields" in section]
    text = next(each for section in sections for each in section["fields"] if each["id"] == "description")
    text |= {"prefill": {"from": "link", "attribute": "description"}, "readonly_when_prefilled": True}
    publish(load(town, definition))
    caller = Caller(type("Town", (), {"authority": town})())
    caller.sign_in()
    headers = {"authorization": f"Bearer {caller.token}"}
    path = "/api/v1/procedures/signalement-voirie/links"
    asked = {"answers": {"description": "Le lampadaire 12 est éteint."}}
    made = caller.http.post(path, asked, content_type="application/json", headers=headers)
    assert made.status_code == 201 and "lampadaire" not in made.json()["url"]
    refused = caller.http.post(path, {"answers": {"x": 1}}, content_type="application/json", headers=headers)
    assert refused.status_code == 422
    link = urlsplit(made.json()["url"])
    assert "remplit déjà une partie" in client.get(f"{link.path}?{link.query}").content.decode()
    page = client.get(f"{link.path}remplir/?{link.query}").content.decode()
    sealed = re.search(rf'name="{prefill_links.NAME}" value="([^"]+)"', page)[1]
    assert "n’est pas entier" in client.get(f"{link.path}?{prefill_links.NAME}=rien").content.decode()
    address = client.post("/demarches/signalement-voirie/remplir/", {prefill_links.NAME: sealed})["Location"]
    html = client.get(address).content.decode()
    assert "Le lampadaire 12 est éteint." in html and 'name="description"' not in html
    client.post(address, {**REPORT["probleme"], "description": "forged"})
    assert Draft.objects.get().answers["description"] == "Le lampadaire 12 est éteint."
    assert ApiClient.objects.count() == 1
