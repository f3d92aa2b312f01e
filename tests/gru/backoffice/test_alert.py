"""An alert is put above the portal's pages, and taken away, by those who answer for a team."""

import pytest
import time_machine

from etoile.gru.content.queries import published
from etoile.gru.content.services import keep
from tests.gru.conftest import log_in

ADDRESS = "/agents/administration/alerte/"
GIVEN = {"title": "Crue de la Loire", "text": "Quittez les quais.", "tone": "danger"}
NEWS = {"news": [{"id": "a", "title": "Fête", "date": "2026-01-01"}]}


def test_it_is_seen_at_once_and_the_rest_of_the_content_stays(client, town, manager):
    keep(town.authority, NEWS)
    assert client.post(ADDRESS, GIVEN)["Location"] == ADDRESS
    assert "Crue de la Loire" in client.get("/").content.decode()
    content = published(town.authority).content
    assert (content.alert.tone, content.news[0].id) == ("danger", "a")


def test_it_is_taken_away(client, town, manager):
    client.post(ADDRESS, GIVEN)
    assert "Retirer l’alerte" in client.get(ADDRESS).content.decode()
    client.post(ADDRESS, {"remove": "1"})
    assert published(town.authority).content.alert is None
    assert "Crue de la Loire" not in client.get("/").content.decode()


def test_a_file_that_says_nothing_of_it_leaves_it_and_one_that_says_none_removes_it(client, town, manager):
    client.post(ADDRESS, GIVEN)
    keep(town.authority, NEWS)
    assert published(town.authority).content.alert.title.fr == "Crue de la Loire"
    keep(town.authority, {**NEWS, "alert": None})
    assert published(town.authority).content.alert is None


def test_the_form_shows_what_is_in_force_with_its_link_and_its_last_day(client, town, manager):
    link = {"link_label": "Voir les rues", "link_href": "/actualites/crue/", "until": "2026-12-07"}
    client.post(ADDRESS, {**GIVEN, **link})
    html = client.get(ADDRESS).content.decode()
    for words in ("Voir les rues", "/actualites/crue/", "2026-12-07"):
        assert f'value="{words}"' in html
    with time_machine.travel("2026-12-08T00:30:00+01:00"):
        log_in(client, manager)
        assert "son dernier jour est passé" in client.get(ADDRESS).content.decode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": " "}, "Écrivez le titre de l’alerte"),
        ({"until": "hier"}, "Cette date ne se lit pas"),
        ({"link_label": "Voir"}, "écrivez les deux, ou aucun"),
        ({"link_label": "Voir", "link_href": "javascript:alert(1)"}, "Une adresse commence par https://"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_put(client, town, manager, change, words):
    answer = client.post(ADDRESS, {**GIVEN, **change})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert published(town.authority).content.alert is None


def test_an_agent_who_answers_for_no_team_may_not(client, town):
    log_in(client, town.agent)
    assert client.get(ADDRESS).status_code == 403
    assert client.post(ADDRESS, GIVEN).status_code == 403
