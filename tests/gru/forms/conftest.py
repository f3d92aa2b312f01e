import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from etoile.gru.access.models import Authority, Sector, Team

FOLDER = Path(__file__).parents[3] / "procedures"
TOWN = Path(__file__).parents[3] / "src/etoile/demo/town/town.yaml"


def town_teams() -> list[str]:
    """The teams of the demonstration's town, by slug: those its procedures name."""
    return [each["slug"] for each in yaml.load(TOWN.read_text("utf-8"), Loader=yaml.CSafeLoader)["teams"]]


def teams_for(authority: Authority) -> None:
    """The town's teams, beside those the authority has."""
    sector = Sector.objects.filter(authority=authority).first()
    known = set(Team.objects.filter(authority=authority).values_list("slug", flat=True))
    Team.objects.bulk_create(
        Team(authority=authority, sector=sector, slug=each, name=each, address="a", email=f"{each}@v.fr", phone="1")
        for each in town_teams()
        if each not in known
    )


def ready_made(slug: str) -> dict[str, Any]:
    return yaml.load((FOLDER / f"{slug}.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)


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
