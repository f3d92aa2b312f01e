"""A throw-away GRU, in this process, on its own durable PostgreSQL: a town, eight sectors, forty agents, no hub.

with Office() as office: …
"""

import importlib
import os
import shutil
import tempfile
from pathlib import Path

import django

from etoile.runtime.migration import migrate
from etoile.runtime.postgres.keeper import Keeper
from etoile.runtime.postgres.provision import DATABASES
from etoile.runtime.products import product


class Office:
    """`owner` is the connection that fills; `inside` the GRU itself, once Django is set up."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="etoile-bench-"))
        self.folder.chmod(0o755)
        self.keeper = Keeper(self.folder / "data", home=self.folder / "database")

    def __enter__(self):
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception):
        self.keeper.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self):
        self.keeper.start()
        gru = DATABASES["gru"]
        self.owner = self.keeper.server.address(gru.owner, gru.name)
        os.environ |= {
            "ETOILE_ENV": "development",
            "ETOILE_DATA": str(self.folder / "data"),
            "ETOILE_LOG_LEVEL": "ERROR",
            "GRU_DATABASE_URL": self.keeper.server.address(gru.runtime, gru.name),
            "GRU_OWNER_DATABASE_URL": self.owner,
            "DJANGO_SETTINGS_MODULE": "etoile.gru.settings",
        }
        migrate([product("gru")], os.environ, lambda words: None)
        django.setup()
        self.inside = importlib.import_module("bench.inside_gru")
