"""Real processes on this machine's loopback, on free ports, in a folder that is removed at the end."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from etoile.demo.command import forget
from etoile.demo.journey import DOWN
from etoile.demo.stage import TOWN, Ports, Stage
from etoile.doubles.identity.platforms import FRANCECONNECT

# A delivery whose worker is killed waits for the end of its lease: here for seconds, where a town gives a minute.
SOONER = {
    "timeout: 8, concurrency: 8, lease: 16": "timeout: 8, concurrency: 8, lease: 9",
    "timeout: 40, lease: 60": "lease: 9",
}
# An application that subscribed to the changes of persons, and has no service contract with the GRU.
WITHOUT_CONTRACT = "service-evenements"
CURIOUS = {
    """Reçoit un courriel d'avertissement, sans donnée personnelle."}
""": """Reçoit un courriel d'avertissement, sans donnée personnelle."}
      - {type: org.etoile.person.updated.v1}
    credentials:
      - {client_id: service-evenements, secret: {secret: curious_client_secret}, scopes: [mailbox]}
""",
    """  - slug: evenements-avertissement
""": """  - {slug: evenements-personnes, application: service-evenements, type: org.etoile.person.updated.v1,
     connector: mailbox, configuration: {}}
  - slug: evenements-avertissement
""",
}


def hurried(folder: Path) -> Path:
    """The star of the demonstration, with shorter leases and `CURIOUS`; its path."""
    star = Path(shutil.copytree(TOWN, folder / "town")) / "star.yaml"
    text = star.read_text(encoding="utf-8")
    for before, after in (SOONER | CURIOUS).items():
        assert before in text, "the demonstration's star has changed"
        text = text.replace(before, after)
    star.write_text(text, encoding="utf-8")
    return star


def staged(folder: Path, **options: object) -> Iterator[Stage]:
    said = (folder / "programs.log").open("w", encoding="utf-8")
    data = folder / "data"
    stage = Stage(data, Ports.free(), output=said, star=hurried(folder), **options)
    try:
        stage.start(without=(DOWN,))
        yield stage
    finally:
        stage.close()
        said.close()
        sys.stdout.write((folder / "programs.log").read_text(encoding="utf-8")[-6000:])
        forget(data)


@pytest.fixture(scope="package")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    yield from staged(tmp_path_factory.mktemp("journey"), auto_seconds=1.0, platforms=(FRANCECONNECT,))
