"""docs/doubles.md says what each simulated system is and each fault means: its tables are the real ones."""

from pathlib import Path

import pytest

from etoile.sdk.doubles import Double, command
from etoile.sdk.faults import HTTP, KINDS, VOCABULARY

PAGE = Path(__file__).parents[2] / "docs" / "doubles.md"
DOUBLES = command.installed()


def kinds() -> list[str]:
    return [f"| `{kind.name}` | {kind.english} | {kind.french} |" for kind in VOCABULARY.values()]


def doubles() -> list[str]:
    return [
        f"| `{name}` | {each.speaks} | {_ports(each)} | {each.english} | {_faults(each.kinds)} |"
        for name, each in DOUBLES.items()
    ]


def _ports(double: Double) -> str:
    ports = ", ".join(map(str, (double.port, *double.others)))
    return f"{ports}, page {double.controls}" if double.controls != double.port else ports


def _faults(shown: frozenset[str]) -> str:
    """The kinds, those of HTTP under their common name when nearly all are there."""
    if len(HTTP - shown) > 2:
        return _list(shown)
    without = f" except {_list(HTTP - shown)}" if HTTP - shown else ""
    more = f", and {_list(shown - HTTP)}" if shown - HTTP else ""
    return f"those of HTTP{without}{more}"


def _list(names: frozenset[str]) -> str:
    return ", ".join(f"`{name}`" for name in VOCABULARY if name in names)


@pytest.mark.parametrize("table", [kinds, doubles], ids=["kinds", "doubles"])
def test_the_table_of_the_page_is_the_real_one(table):
    words = PAGE.read_text(encoding="utf-8")
    name = table.__name__
    found = words.partition(f"<!-- {name} -->")[2].partition(f"<!-- end of {name} -->")[0].strip().splitlines()[2:]
    wanted = table()
    assert found == wanted, "the table should be:\n" + "\n".join(wanted)


def test_the_kinds_said_to_be_those_of_http_are_them():
    line = next(each for each in PAGE.read_text(encoding="utf-8").splitlines() if each.startswith("Those of HTTP"))
    assert line == f"Those of HTTP: {_list(HTTP)}."


def test_every_kind_is_shown_by_one_double_at_least():
    assert frozenset().union(*(each.kinds for each in DOUBLES.values())) == KINDS
