from pathlib import Path

import pytest

from etoile.runtime import inventory
from etoile.runtime.products import discover
from etoile.runtime.variables import Variable

PAGE = Path(__file__).parents[2] / "docs" / "environment.md"


@pytest.mark.skipif(set(discover()) != {"hub", "gru"}, reason="the page describes both products")
def test_the_page_lists_exactly_what_the_programs_read() -> None:
    assert PAGE.read_text() == inventory.document(), "run: python -m etoile.runtime.inventory > docs/environment.md"


def test_a_variable_that_nothing_reads_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"": [Variable("ETOILE_ENV", "choice", "", "")], "hub": [Variable("HUB_SECRET_KEY", "secret", "", "")]}
    monkeypatch.setattr(inventory, "inventory", lambda: known)
    given = ["ETOILE_ENV", "HUB_SECRET_KEY_FILE", "HUB_SECRETKEY", "HOME"]
    assert inventory.unknown(given) == ["HUB_SECRETKEY"]
