"""Real processes on this machine's loopback, on free ports, in a folder that is removed at the end."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from etoile.demo.command import forget
from etoile.demo.journey import DOWN
from etoile.demo.stage import Ports, Stage


def staged(folder: Path, **options: object) -> Iterator[Stage]:
    said = (folder / "programs.log").open("w", encoding="utf-8")
    data = folder / "data"
    stage = Stage(data, Ports.free(), output=said, **options)
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
    yield from staged(tmp_path_factory.mktemp("journey"), auto_seconds=1.0)
