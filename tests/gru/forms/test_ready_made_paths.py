"""The ready-made procedures, from their files alone: complete, fillable to the end, each conditional path reachable."""

import pytest
from tests.gru.forms.conftest import FOLDER, town_teams
from tests.gru.forms.samples import filled, opening, paths

from etoile.gru.forms.definition import Definition
from etoile.gru.forms.parsing import parse
from etoile.gru.forms.publication import missing
from etoile.gru.forms.validation import validate, visible_sections

SLUGS = sorted(path.stem for path in FOLDER.glob("*.yaml"))
TEAMS = town_teams()


@pytest.fixture(params=SLUGS)
def definition(request, every_procedure) -> Definition:
    return parse(every_procedure[request.param])


def valid(definition: Definition, chosen=None):
    answers, documents = filled(definition, chosen or {})
    result = validate(definition, answers, documents=documents)
    assert result.errors == ()
    return result


def test_there_are_twenty_at_least():
    assert len(SLUGS) >= 20


def test_nothing_is_missing_and_the_demonstration_s_town_has_its_team(definition):
    assert missing(definition) == []
    assert definition.team in TEAMS
    assert definition.silence.regime == "none" or definition.silence.duration


def test_every_question_answered_is_accepted(definition):
    valid(definition)


def test_each_conditional_path_is_reached_by_answers_that_are_accepted(definition):
    for owner, tree in paths(definition):
        chosen = opening(definition, tree)
        assert chosen is not None, f"{owner}: nothing opens {tree}"
        result = valid(definition, chosen)
        shown = {
            each
            for page in definition.pages
            for section, fields in visible_sections(page, result.cleaned)
            for each in (section.id, *(field.id for field in fields))
        }
        assert owner in shown
