import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from etoile.runtime.postgres import place
from etoile.runtime.postgres.server import Server

Wait = Callable[[Callable[[], object]], None]


@pytest.fixture
def ground() -> Iterator[Path]:
    """A folder which an unprivileged server can cross (pytest's own are closed to other accounts)."""
    folder = Path(tempfile.mkdtemp(prefix="etoile-ground-"))
    folder.chmod(0o755)
    yield folder
    record = place.read_record(folder / "data")
    if record is not None and record.home:
        shutil.rmtree(record.home)
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """One throw-away server for the tests that only look."""
    folder = Path(tempfile.mkdtemp(prefix="etoile-ground-"))
    folder.chmod(0o755)
    with Server(folder / "data", home=folder / "database", throw_away=True) as started:
        yield started
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def wait() -> Wait:
    """Wait until something is true; the limit is for a test that fails, not a measure."""

    def until(condition: Callable[[], object]) -> None:
        give_up = time.monotonic() + 120
        while not condition():
            assert time.monotonic() < give_up, "it never happened"
            time.sleep(0.02)

    return until


@pytest.fixture
def account_of() -> Callable[[int], str]:
    """Name of the account that runs a process."""
    return lambda pid: Path(f"/proc/{pid}").owner()
