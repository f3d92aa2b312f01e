"""Serving a simulated application on a real port, with secrets of its own and a hub that does not answer."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import urllib3

from etoile.doubles.simulation.process import Settings
from etoile.doubles.simulation.site import Simulation
from etoile.sdk import testing

Serve = Callable[[Any], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    with ExitStack() as running:
        yield lambda served: running.enter_context(
            testing.serve(served.faults if isinstance(served, Simulation) else served)
        )


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    for name in (
        *("services_famille_password", "vie_locale_client_secret"),
        *("services_techniques_api_key", "urbanisme_sftp_password"),
    ):
        (secrets / name).write_text(f"secret-of-{name}\n")
    return Settings(port=0, hub="http://127.0.0.1:9", data=tmp_path / "memory.sqlite", secrets=secrets, sftp_port=0)


@pytest.fixture
def http() -> Iterator[urllib3.PoolManager]:
    with urllib3.PoolManager(retries=False, timeout=30) as pool:
        yield pool
