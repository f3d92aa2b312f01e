"""pytest plugin: one throw-away PostgreSQL for the whole run, only if the run uses Django.

Loaded by `-p etoile.runtime.testing`. It acts before Django's settings are read, in the main process alone (workers of
pytest-xdist inherit the variables), and leaves nothing behind. Addresses already given are used as they are.
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

import pytest

from etoile.runtime.messages import compile_all
from etoile.runtime.postgres.provision import DATABASES
from etoile.runtime.postgres.server import Server
from etoile.runtime.processes import alive

PREFIX: Final = "etoile-test-"
KEY: Final = pytest.StashKey["ThrowAway"]()


class ThrowAway:
    """A temporary data folder, and the server that lives in it."""

    def __init__(self) -> None:
        _remove_abandoned()
        self.folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
        self.folder.chmod(0o755)
        self.data = self.folder / "data"
        self.server: Server | None = None

    def start(self) -> dict[str, str]:
        """Start the server; returns the variables that name its databases, with the owner's role."""
        self.server = Server(self.data, home=self.folder / "database", throw_away=True)
        self.server.start()
        for product in DATABASES:
            (self.data / "static" / product).mkdir(parents=True, exist_ok=True)
        return {
            f"{product.upper()}_DATABASE_URL": self.server.address(database.owner, database.name)
            for product, database in DATABASES.items()
        }

    def remove(self) -> None:
        if self.server is not None:
            self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, parser: pytest.Parser, args: list[str]) -> None:
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    throw_away = ThrowAway()
    early_config.stash[KEY] = throw_away
    early_config.add_cleanup(throw_away.remove)
    os.environ["ETOILE_ENV"] = "test"
    os.environ["ETOILE_DATA"] = str(throw_away.data)
    if _uses_django(early_config):
        compile_all()
        if not _addresses_given():
            os.environ.update(throw_away.start())


def _uses_django(config: pytest.Config) -> bool:
    if config.pluginmanager.is_blocked("django") or not config.pluginmanager.has_plugin("django"):
        return False
    known = config.known_args_namespace
    if getattr(known, "version", 0) or getattr(known, "help", False):
        return False
    return bool(getattr(known, "ds", None) or os.environ.get("DJANGO_SETTINGS_MODULE"))


def _addresses_given() -> bool:
    return all(os.environ.get(f"{product.upper()}_DATABASE_URL") for product in DATABASES)


def _remove_abandoned() -> None:
    """Folders of runs that were killed before they could tidy up."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*-*"):
        pid = folder.name.removeprefix(PREFIX).split("-")[0]
        if pid.isdigit() and not alive(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)
