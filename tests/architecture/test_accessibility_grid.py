"""The grid of the RGAA says what tests exist, and claims no more than they show."""

import re
from pathlib import Path

import axe_playwright_python
import pytest

from tests.architecture.tree import ROOT

FOLDER = ROOT / "docs" / "accessibility"
GRID = (FOLDER / "rgaa.md").read_text(encoding="utf-8")
GUIDE = (FOLDER / "README.md").read_text(encoding="utf-8")
# RGAA 4.1.2: criteria of each of its 13 themes, 106 in all.
COUNTS = (9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12)
STATES = {"conforme", "non conforme", "non applicable", "non vérifié par un humain"}
CRITERIA = re.findall(r"^\| (\d+\.\d+) \| (.+?) \| (.+?) \| (.+?) \|$", GRID, re.MULTILINE)
NAMED = [(number, name) for number, _title, _state, evidence in CRITERIA for name in re.findall("`(.+?)`", evidence)]
HARNESS = ROOT / "tests" / "browser" / "harness"
CHECKS = {"axe": "def axe(", "colours": "COLOURS", "html": "checker.problems(", "skip_link": "def skip_link("}


def test_the_106_criteria_are_all_there_in_order():
    awaited = [f"{theme}.{rank}" for theme, count in enumerate(COUNTS, 1) for rank in range(1, count + 1)]
    assert len(awaited) == 106
    assert [number for number, *_ in CRITERIA] == awaited


def test_each_criterion_has_a_state_of_the_four():
    assert {state for _number, _title, state, _evidence in CRITERIA} <= STATES


def test_what_is_said_to_conform_names_the_check_that_shows_it():
    for number, _title, state, evidence in CRITERIA:
        if state == "conforme":
            assert re.search("`(axe|colours|html|structure|skip_link|unlabelled)`", evidence), number


def test_every_check_or_test_named_exists():
    sources = "".join(path.read_text(encoding="utf-8") for path in HARNESS.iterdir() if path.is_file())
    for number, name in NAMED:
        path, _, function = name.partition("::")
        if path.startswith("tests/"):
            assert (ROOT / path).is_file(), (number, name)
            assert f"def {function}(" in (ROOT / path).read_text(encoding="utf-8") or not function, (number, name)
        elif re.fullmatch(r"axe|colours|html|structure|skip_link|unlabelled|unfocused|sideways|clipped|dead", name):
            assert CHECKS.get(name, f"  {name}(") in sources, (number, name)
            assert f"| `{name}` |" in GUIDE, name


def test_axe_is_named_where_it_has_a_rule_and_nowhere_else():
    script = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8")
    ruled = set(re.findall(r"RGAA-(\d+\.\d+)\.\d+", script))
    assert f"axe {re.match('/[*]! axe v([0-9]+[.][0-9]+)', script)[1]} has" in GUIDE
    assert f"{len(ruled)} of the 106 criteria" in GUIDE
    named = {number for number, name in NAMED if name in ("axe", "colours")}
    inapplicable = {number for number, _title, state, _evidence in CRITERIA if state == "non applicable"}
    assert named - ruled <= {"1.2", "3.1", "8.9", "10.3"}, "where a rule sees a part without being tagged"
    assert ruled - named - inapplicable == set()


@pytest.mark.exigence("A11Y-01")
def test_nothing_is_claimed_that_a_person_has_not_seen():
    assert "Aucun audit humain n'a eu lieu." in GRID
    conform = sum(state == "conforme" for _number, _title, state, _evidence in CRITERIA)
    assert conform < 20
