"""Keeping the content: all or nothing, twice is once, and the command's words."""

from io import StringIO

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.gru.conftest import make_town

from etoile.gru.content.definition import EMPTY
from etoile.gru.content.models import Content
from etoile.gru.content.parsing import ContentError
from etoile.gru.content.queries import published
from etoile.gru.content.services import keep

GIVEN = {"news": [{"id": "a", "title": "Fête", "date": "2026-01-01"}]}


def test_a_town_without_content_has_an_empty_one(town):
    assert published(town.authority).content == EMPTY


def test_the_same_content_again_changes_nothing(town):
    assert keep(town.authority, GIVEN).changed
    before = Content.objects.get().updated_at
    assert not keep(town.authority, GIVEN).changed
    assert Content.objects.get().updated_at == before


def test_a_change_is_seen_at_once_and_read_with_one_statement_after(town):
    keep(town.authority, GIVEN)
    published(town.authority)
    keep(town.authority, {"news": []})
    assert published(town.authority).content.news == ()
    with CaptureQueriesContext(connection) as captured:
        published(town.authority)
    assert len(captured) == 1


def test_each_authority_has_its_own(town):
    other = make_town("21490998900018", "autreville")
    keep(town.authority, GIVEN)
    assert published(other.authority).content == EMPTY


def test_a_wrong_content_leaves_the_former_one(town):
    keep(town.authority, GIVEN)
    with pytest.raises(ContentError, match="démarche inconnue « absente »"):
        keep(town.authority, {"life_events": [{"id": "b", "title": "B", "procedures": ["acte", "absente"]}]})
    with pytest.raises(ContentError, match=r"service inconnu « cirque » \(services connus : etat-civil\)"):
        keep(town.authority, {"places": [{"id": "b", "name": "B", "teams": ["cirque"]}]})
    assert published(town.authority).content.news[0].id == "a"


class TestCommand:
    def run(self, path, *options):
        out = StringIO()
        call_command("gru_content", str(path), *options, stdout=out)
        return out.getvalue()

    def test_it_says_what_was_kept(self, town, tmp_path):
        path = tmp_path / "content.yaml"
        path.write_text(yaml.safe_dump(GIVEN), "utf-8")
        said = self.run(path)
        assert said == "Valmont-sur-Loire: 0 places, 0 situations, 0 guides, 1 news, no alert.\n"
        assert "nothing new" in self.run(path, f"--authority={town.authority.slug}")

    @pytest.mark.parametrize(
        ("written", "words"),
        [
            ("news: [{id: a}]", r"nothing was changed:\n  - news\[a\].title : manque"),
            ("news: [", "is not YAML"),
            ("- a", "un ensemble de clés est attendu"),
        ],
    )
    def test_a_file_that_is_not_right_is_told(self, town, tmp_path, written, words):
        path = tmp_path / "content.yaml"
        path.write_text(written, "utf-8")
        with pytest.raises(CommandError, match=words):
            self.run(path)

    def test_a_file_or_a_town_that_is_not_there_is_told(self, town):
        with pytest.raises(CommandError, match="cannot be read"):
            self.run("/nowhere.yaml")
        with pytest.raises(CommandError, match="there is no such authority"):
            self.run("/nowhere.yaml", "--authority=nowhere")
        make_town("21490998900018", "autreville")
        with pytest.raises(CommandError, match="name the authority"):
            self.run("/nowhere.yaml")

    def test_before_any_town_it_asks_for_one(self, db):
        with pytest.raises(CommandError, match="name the authority"):
            self.run("/nowhere.yaml")


def test_a_content_this_version_cannot_read_does_not_close_the_pages(town):
    keep(town.authority, GIVEN)
    Content.objects.update(source={"licorne": 1}, digest="x")
    assert published(town.authority).content == EMPTY
