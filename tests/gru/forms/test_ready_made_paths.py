"""The ready-made procedures, from their files alone: complete, fillable to the end, each conditional path reachable."""

import re

import pytest
from tests.gru.forms.answering import Path, filled, opening, paths
from tests.gru.forms.conftest import FOLDER, town_teams

from etoile.gru.forms.decisions import quote
from etoile.gru.forms.definition import Definition
from etoile.gru.forms.parsing import parse
from etoile.gru.forms.publication import missing
from etoile.gru.forms.validation import validate

SLUGS = sorted(path.stem for path in FOLDER.glob("*.yaml"))
TEAMS = set(town_teams())


@pytest.fixture(params=SLUGS)
def definition(request, every_procedure) -> Definition:
    return parse(every_procedure[request.param])


def accepted(definition: Definition, chosen=()):
    answers, documents = filled(definition, dict(chosen))
    result = validate(definition, answers, documents=documents)
    assert (result.errors, result.refusals, result.evaluation.failures) == ((), (), {})
    return result.evaluation


def test_there_are_twenty_at_least_and_the_page_on_procedures_lists_them():
    page = (FOLDER.parent / "docs" / "procedures.md").read_text("utf-8")
    listed = re.findall(r"^\| \[`([a-z-]+)`\]", page, re.MULTILINE)
    assert listed == SLUGS and len(SLUGS) >= 20


def test_nothing_is_missing_and_the_demonstration_s_town_has_its_team(definition):
    assert missing(definition) == []
    assert {*definition.teams} <= TEAMS
    assert definition.silence.regime == "none" or definition.silence.duration


def test_every_question_answered_is_accepted_and_its_price_is_known(definition):
    assert quote(definition, accepted(definition)).unknown == ()


def test_each_conditional_path_is_reached_by_answers_that_are_accepted(definition):
    for path in paths(definition):
        chosen = opening(definition, path)
        assert chosen is not None, f"nothing opens {path}"
        assert path.reached(accepted(definition, chosen))


def test_each_refusal_can_be_met(definition):
    for rule in definition.ineligible:
        path = Path("", rule.when, rule.id)
        chosen = opening(definition, path)
        assert chosen is not None, f"nothing opens {path}"
        answers, documents = filled(definition, chosen)
        assert [each.id for each in validate(definition, answers, documents=documents).refusals] == [rule.id]
