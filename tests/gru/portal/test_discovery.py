"""Finding one's way: search, filters, situations, places now, the page of a procedure; and what each page costs."""

import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from etoile.gru.cases.models import Case
from etoile.gru.cases.services import submit
from etoile.gru.content.services import keep
from etoile.gru.forms.models import Procedure, ProcedureVersion
from etoile.gru.forms.services import load, publish
from tests.gru.conftest import APPLICANT
from tests.gru.portal.conftest import CONTENT, make_town

MONDAY = "2026-12-07T14:00:00+01:00"


@pytest.fixture
def republished(town):
    """Publish the procedure of a page again, changed."""

    def again(path, change):
        source = Procedure.objects.get(authority=town, slug=path.split("/")[2]).current.source
        change(source)
        publish(load(town, source))

    return again


@pytest.fixture
def answered(town):
    """Requests of the procedure of a page, all answered in so many days."""

    def make(path, *, days, number):
        procedure = Procedure.objects.select_related("team__sector").get(authority=town, slug=path.split("/")[2])
        sent = timezone.now() - timedelta(days=30)
        version = ProcedureVersion.objects.select_related("procedure__team__sector", "procedure__authority").get(
            pk=procedure.current_id
        )
        with time_machine.travel(sent):
            for _ in range(number):
                submit(authority=town, version=version, applicant=APPLICANT, answers={})
        Case.objects.update(state="accepted", decided_at=sent + timedelta(days=days))

    return make


def page(client, path, **query):
    response = client.get(path, query)
    assert response.status_code == 200
    return response


def html(client, path, **query):
    """With plain spaces: hours are written with others, that do not break."""
    return page(client, path, **query).content.decode().replace("\u00a0", " ")


def changed(town, **more):
    keep(town, {**CONTENT, **more})


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("NAISSANCES", "acte-etat-civil"),
        ("pothole", "signalement-voirie"),
        ("lampadère", "signalement-voirie"),
        ("carte d'identité", "carte-identite"),
        ("passport", "carte-identite"),
        ("salle des fêtes", "reservation-salle"),
        ("marché", "marche"),
        ("hôtel de ville", "mairie"),
        ("j'attends un enfant", "naissance"),
    ],
)
def test_the_search_page_finds_procedures_guides_places_and_news(client, town, words, slug):
    response = page(client, "/recherche", q=words)
    assert response.context["found"].entries[0].slug == slug
    assert 'role="status"' in response.content.decode()


def test_a_word_read_otherwise_is_said(client, town):
    assert "compris comme « naissance »" in html(client, "/recherche", q="naisance")


def test_a_search_without_result_says_what_to_do_next(client, town):
    found = html(client, "/recherche", q="xylophone")
    assert "Nous n’avons rien trouvé" in found and "Aucun résultat" in found
    assert 'href="/contact"' in found and "Les plus demandées" in found


def test_the_search_form_of_the_home_page_leads_there_without_javascript(client, town):
    assert '<form class="search" method="get" action="/recherche" role="search">' in html(client, "/")


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ({"theme": "etat-civil"}, ["carte-identite", "acte-etat-civil"]),
        ({"theme": "etat-civil", "comment": "en-ligne"}, ["acte-etat-civil"]),
        ({"comment": "sur-place"}, ["carte-identite"]),
        ({"comment": "sans-document", "theme": "vie-locale"}, ["inscription-evenement"]),
        ({"public": "companies", "theme": "vie-associative"}, ["reservation-salle"]),
        ({"public": "companies", "theme": "enfance-education"}, []),
        ({"q": "naissance", "theme": "urbanisme"}, []),
    ],
)
def test_the_catalogue_is_filtered_and_tells_how_many(client, town, query, slugs):
    response = page(client, "/demarches/", **query)
    assert [card.slug for card in response.context["cards"]] == slugs
    assert re.search(rf'role="status">{len(slugs) or "Aucune"} démarche', response.content.decode())


def test_each_filter_in_force_can_be_taken_away(client, town):
    found = html(client, "/demarches/", theme="etat-civil", public="individuals", q="acte")
    assert 'href="/demarches/?q=acte&amp;public=individuals"' in found
    assert 'href="/demarches/?q=acte&amp;theme=etat-civil"' in found


def test_a_wrong_filter_shows_everything(client, town):
    everything = Procedure.objects.count() + len(CONTENT["guides"])
    assert len(page(client, "/demarches/", public="martiens", comment="pigeon").context["cards"]) == everything


def test_a_long_catalogue_is_told_by_theme_and_a_filtered_one_is_not(client, town, monkeypatch):
    monkeypatch.setattr("etoile.gru.portal.views.discover._AT_A_GLANCE", 5)
    response = page(client, "/demarches/")
    told = [card for _group, cards in response.context["groups"] for card in cards]
    assert sorted(card.slug for card in told) == sorted(card.slug for card in response.context["cards"])
    assert 'href="#theme-etat-civil"' in response.content.decode()
    assert 'id="theme-' not in html(client, "/demarches/", theme="etat-civil")


def test_the_town_puts_procedures_forward_until_they_are_asked(client, town):
    keep(town, {"featured": ["signalement-voirie", "absente", "certificat-urbanisme"]})
    first = [card.slug for card in page(client, "/").context["most_asked"]][:3]
    assert first == ["signalement-voirie", "certificat-urbanisme", "acte-etat-civil"]


def test_an_empty_catalogue_helps(client, town):
    found = html(client, "/demarches/", q="naissance", theme="urbanisme")
    assert "Retirez un filtre ci-dessus" in found
    assert 'href="/recherche?q=naissance"' in found


def test_a_situation_gathers_procedures_guides_and_advice(client, town):
    response = page(client, "/situations/naissance/")
    assert [card.slug for card in response.context["situation"].cards] == ["acte-etat-civil", "carte-identite"]
    assert "Penser à la crèche" in response.content.decode()
    assert client.get("/situations/licorne/").status_code == 404


def test_situations_named_by_procedures_exist_without_any_content(client, town):
    keep(town, {})
    slugs = [group.slug for group in page(client, "/").context["life_events"]]
    assert slugs[0] == "naissance" and "faire-des-travaux" in slugs
    assert "Les démarches" in html(client, "/situations/faire-des-travaux/")


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (MONDAY, "Ouvert jusqu’à 17 h"),
        ("2026-12-07T16:45:00+01:00", "Ferme bientôt, à 17 h"),
        ("2026-12-07T12:30:00+01:00", "Fermé, ouvre à 13 h 30"),
        ("2026-12-07T19:00:00+01:00", "Fermé, ouvre demain à 8 h 30"),
        ("2026-12-05T19:00:00+01:00", "Fermé, ouvre lundi à 8 h 30"),
        ("2026-12-25T10:00:00+01:00", "Fermé aujourd’hui (Noël), ouvre demain à 9 h"),
    ],
)
def test_the_home_page_says_whether_the_town_hall_is_open(client, town, now, words):
    with time_machine.travel(now, tick=False):
        assert words in html(client, "/")


@time_machine.travel("2026-12-05T19:00:00+01:00", tick=False)
def test_hours_are_said_in_english_too(client, town):
    found = client.get("/", headers={"accept-language": "en"}).content.decode().replace("\u00a0", " ")
    assert "Closed, opens Monday at 8:30" in found


@time_machine.travel("2026-12-20T10:00:00+01:00", tick=False)
def test_the_page_of_places_gives_the_week_and_the_days_to_come(client, town):
    found = html(client, "/lieux/")
    assert "8 h 30 – 12 h et 13 h 30 – 17 h" in found
    assert "vendredi 25 décembre" in found and "Fermé (Noël)" in found
    assert 'href="tel:0200000000"' in found
    assert "https://www.openstreetmap.org/search?query=1%20place%20de%20la%20Mairie" in found


def test_an_alert_is_above_the_pages_until_its_last_day(client, town):
    changed(town, alert={"title": "Crue de la Loire", "tone": "danger", "until": "2026-12-07"})
    for path in ("/", "/demarches/", "/demarches/acte-etat-civil/", "/contact", "/lieux/"):
        with time_machine.travel(MONDAY):
            assert "Crue de la Loire" in html(client, path)
    with time_machine.travel("2026-12-08T00:01:00+01:00"):
        assert "Crue de la Loire" not in html(client, "/")


def test_news_are_shown_from_their_day_to_their_last(client, town):
    changed(town, news=[{"id": "fete", "title": "Fête", "date": "2026-12-07", "until": "2026-12-08"}])
    for day, status in (("2026-12-06", 404), ("2026-12-07", 200), ("2026-12-08", 200), ("2026-12-09", 404)):
        with time_machine.travel(f"{day}T12:00:00+01:00"):
            assert client.get("/actualites/fete/").status_code == status
            assert ("Fête" in html(client, "/")) is (status == 200)
            kinds = [card.kind for card in page(client, "/recherche", q="fête").context["found"].entries]
            assert ("news" in kinds) is (status == 200)


def test_another_town_s_pages_are_not_found(client, town):
    other = make_town("Autreville", "21490998900018")
    other.host = "autreville.example"
    other.save()
    keep(other, {})
    for path in ("/fiches/carte-identite/", "/actualites/marche/"):
        assert client.get(path).status_code == 404


class TestProcedure:
    path = "/demarches/inscription-periscolaire/"

    def test_it_says_for_whom_how_long_what_and_where(self, client, town):
        found = html(client, self.path)
        assert ">Particuliers</span>" in found
        assert re.search(r"\d étapes, environ \d+ minutes", found)
        for words in ("Indispensable", "Utile, mais pas obligatoire", "Délai habituel", "Délai légal", "Sans internet"):
            assert words in found
        assert "Réponse sous dix jours ouvrés." in found

    @time_machine.travel(MONDAY)
    def test_the_place_of_the_service_is_shown_with_its_hours(self, client, town):
        assert "Ouvert jusqu’à 17 h" in html(client, "/demarches/acte-etat-civil/")

    def test_what_the_administration_obtains_is_not_asked(self, client, town, republished):
        republished(self.path, lambda raw: raw["documents"][0].update(obtainable_from="caf"))
        found = html(client, self.path)
        assert found.index("Rien à fournir : nous l’obtenons nous-mêmes") < found.index("Attestation d’assurance")

    def test_the_usual_delay_is_measured_once_there_are_enough_answers(self, client, town, answered):
        answered(self.path, days=4, number=20)
        assert "Une demande sur deux a sa réponse en 4 jours, neuf sur dix en 4 jours." in html(client, self.path)

    def test_search_engines_are_told_a_government_service(self, client, town):
        response = page(client, self.path)
        nonce, written = re.search(
            r'<script type="application/ld\+json" nonce="([^"]+)">(.+?)</script>', response.content.decode()
        ).groups()
        assert f"'nonce-{nonce}'" in response["Content-Security-Policy"]
        data = json.loads(written)
        assert (data["@type"], data["provider"]["name"]) == ("GovernmentService", "Valmont-sur-Loire")
        assert data["url"].endswith(self.path)
        assert data["audience"] == [{"@type": "Audience", "audienceType": "Particuliers"}]
        assert data["availableChannel"][1]["servicePhone"]["telephone"] == "02 00 00 00 01"


BUDGETS = {
    "/": 4,
    "/recherche?q=naissance": 3,
    "/demarches/": 3,
    "/demarches/acte-etat-civil/": 5,
    "/situations/naissance/": 3,
    "/fiches/carte-identite/": 2,
    "/lieux/": 2,
    "/actualites/": 2,
    "/contact": 3,
    "/plan-du-site": 4,
    "/donnees-personnelles": 4,
}


def statements(client, path):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize("path", BUDGETS)
def test_a_page_costs_the_same_few_statements_however_much_there_is_to_show(client, town, path):
    statements(client, path)
    cache.clear()
    with_much = statements(client, path)
    Procedure.objects.exclude(slug="acte-etat-civil").update(state="closed")
    keep(town, {key: value[:1] for key, value in CONTENT.items()})
    statements(client, path)
    cache.clear()
    assert statements(client, path) == with_much <= BUDGETS[path]
