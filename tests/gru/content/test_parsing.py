"""The content of a town: read strictly, everything wrong told at once, in words that say where."""

from datetime import date, time
from pathlib import Path

import pytest
import yaml

from etoile import demo
from etoile.gru.content.definition import EMPTY, Slot
from etoile.gru.content.parsing import ContentError, parse, storable

DEMO = Path(demo.__file__).parent / "town" / "content.yaml"


def problems(**raw):
    with pytest.raises(ContentError) as refused:
        parse(raw)
    return refused.value.problems


def hours(**week):
    return parse({"places": [{"id": "mairie", "name": "Mairie", "hours": week}]}).places[0].hours


def test_the_demonstration_s_content_is_right_and_in_both_languages():
    content = parse(yaml.safe_load(DEMO.read_text("utf-8")))
    assert (len(content.places), len(content.life_events), len(content.guides), len(content.news)) == (7, 7, 4, 3)
    shown = [*content.places, *content.life_events, *content.guides, *content.news]
    assert [each.id for each in shown if not getattr(each, "name", getattr(each, "title", None)).en] == []


def test_nothing_is_a_content_too():
    assert parse({}) == EMPTY


def test_several_days_are_written_once():
    week = hours(**{"monday-wednesday": ["13:30-17:00", "8:30-12:00"], "saturday": ["9:00-12:00"]}).week
    assert week[0] == week[2] == (Slot(time(8, 30), time(12)), Slot(time(13, 30), time(17)))
    assert week[3] == () and week[5] == (Slot(time(9), time(12)),)


def test_dates_of_yaml_become_what_json_keeps():
    raw = yaml.safe_load("news: [{id: a, title: A, date: 2026-12-24}]")
    assert storable(raw)["news"][0]["date"] == "2026-12-24"
    assert parse(raw).news[0].day == date(2026, 12, 24)


@pytest.mark.parametrize(
    ("week", "words"),
    [
        ({"monday": ["8h30 à midi"]}, "« 8h30 à midi » n'est pas une plage d'ouverture"),
        ({"monday": ["25:00-26:00"]}, "n'est pas une plage"),
        ({"monday": ["12:00-8:30"]}, "la fermeture doit suivre l'ouverture"),
        ({"monday": ["8:00-12:00", "11:00-13:00"]}, "se chevauchent"),
        ({"lundi": ["8:00-12:00"]}, "clé inconnue"),
        ({"monday": "8:00-12:00"}, "une liste de mots est attendue"),
        ({"exceptions": [{"from": "2026-12-24", "until": "2026-12-20"}]}, "est avant"),
        ({"exceptions": [{"from": "Noël"}]}, "« Noël » n'est pas une date"),
    ],
)
def test_wrong_hours_are_told_with_their_place(week, words):
    told = problems(places=[{"id": "mairie", "name": "Mairie", "hours": week}])
    assert any("places[mairie].hours" in each and words in each for each in told), told


def test_everything_wrong_is_told_at_once():
    told = "\n".join(
        problems(
            places=[{"id": "Mairie !", "icon": "licorne", "position": {"latitude": 100, "longitude": 0}}],
            guides=[{"id": "a", "title": "A", "place": "nulle-part", "channels": ["pigeon"]}] * 2,
            life_events=[{"id": "b", "title": "B", "guides": ["absente"]}],
            news=[
                {"id": "c", "title": "C", "date": "hier", "links": [{"label": "ici", "href": "javascript:alert(1)"}]}
            ],
            alert={"text": "sans titre", "tone": "rose"},
            couleur="bleu",
        )
    )
    for words in (
        "places[Mairie !].name : manque",
        "« licorne »",
        "latitude ou longitude impossible",
        "« pigeon »",
        "« hier » n'est pas une date",
        "une adresse commence par https://",
        "alert.title : manque",
        "« rose »",
        "couleur : clé inconnue",
    ):
        assert words in told


def test_what_names_something_absent_or_twice_is_refused():
    told = "\n".join(
        problems(
            guides=[{"id": "a", "title": "A", "place": "nulle-part"}, {"id": "a", "title": "A"}],
            life_events=[{"id": "b", "title": "B", "guides": ["absente"]}],
        )
    )
    assert "lieu inconnu « nulle-part »" in told
    assert "guides[a] : cet identifiant est employé deux fois" in told
    assert "fiche inconnue « absente »" in told
