"""The GRU at rest, or failing: what a person reads, what a program is told."""

from contextlib import closing
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from etoile.gru.access import middleware
from etoile.runtime.maintenance import begin

BROWSER = {"accept": "text/html,application/xhtml+xml"}


@pytest.fixture
def resting(settings, tmp_path):
    settings.MAINTENANCE_FILE = tmp_path / "maintenance" / "gru.json"
    begin(settings.MAINTENANCE_FILE, timezone.now() + timedelta(hours=1))


@pytest.mark.parametrize("path", ["/", "/suivi/", "/agents/", "/demarches/acte-etat-civil/remplir/", "/rien"])
def test_at_rest_every_page_says_so_and_when_to_come_back_without_the_database(resting, path):
    answer = Client().get(path, headers=BROWSER)
    html = answer.content.decode()
    assert answer.status_code == 503
    assert 3500 < int(answer["Retry-After"]) <= 3600
    assert "no-store" in answer["Cache-Control"]
    assert "Le service est en pause" in html and "Il revient vers" in html
    assert "script-src" not in answer["Content-Security-Policy"]


def test_at_rest_a_program_is_told_in_its_own_way_and_nothing_is_taken(resting):
    answer = Client().post("/inbox/events", {"id": 1}, content_type="application/json")
    assert answer.status_code == 503
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 503


def test_at_rest_health_and_style_go_on_answering(resting, db):
    assert Client().get("/health/live").status_code == 200
    with closing(Client().get("/static/design/foundation.css")) as sheet:
        assert sheet.status_code == 200


def test_at_rest_the_page_is_in_english_for_those_who_read_english(resting):
    assert "The service is resting" in Client().get("/", headers=BROWSER | {"accept-language": "en"}).content.decode()


def test_when_the_database_is_away_the_page_says_that_nothing_is_lost(monkeypatch):
    def away(host):
        raise OperationalError("connection refused")

    monkeypatch.setattr(middleware, "authority_for_host", away)
    answer = Client(raise_request_exception=False).get("/")
    assert answer.status_code == 503
    assert "Ce que vous aviez enregistré est gardé" in answer.content.decode()
    assert int(answer["Retry-After"]) > 0


def test_a_page_that_does_not_exist_helps_to_find_the_right_one(client, town):
    html = client.get("/demarche/naissance").content.decode()
    assert 'role="search"' in html and 'href="/suivi/"' in html
    agents = client.get("/agents/rien").content.decode()
    assert 'role="search"' not in agents and 'href="/agents/"' in agents


def test_a_link_of_a_request_that_opens_nothing_says_how_to_get_another(client, town):
    answer = client.get("/suivi/nimporte/")
    assert answer.status_code == 404
    assert "Ce lien n’ouvre aucune demande" in answer.content.decode()
    assert 'href="/suivi/"' in answer.content.decode()
