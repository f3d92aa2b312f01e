import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).parents[3] / "procedures"


def ready_made(slug: str) -> dict[str, Any]:
    return yaml.safe_load((FOLDER / f"{slug}.yaml").read_text("utf-8"))


@pytest.fixture(scope="session")
def _acte() -> dict[str, Any]:
    return ready_made("acte-etat-civil")


@pytest.fixture
def acte(_acte: dict[str, Any]) -> dict[str, Any]:
    """A procedure that may be published, to be damaged by each test."""
    return copy.deepcopy(_acte)


@pytest.fixture(scope="session")
def every_procedure() -> dict[str, dict[str, Any]]:
    return {path.stem: ready_made(path.stem) for path in sorted(FOLDER.glob("*.yaml"))}
