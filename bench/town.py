"""A throw-away hub: its own durable PostgreSQL (fsync on), one source, N applications that receive by webhook.

    with Town() as town: …        # everything it starts ends with it, its folder too

`HUB_ENGINE` and `HUB_NATS_URL` of the environment are those of the hub it starts.
"""

import importlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import django
import psycopg

from bench.arrivals import Arrival
from bench.star import TABLES, star
from etoile.runtime.migration import migrate
from etoile.runtime.ports import free
from etoile.runtime.postgres.keeper import Keeper
from etoile.runtime.postgres.provision import DATABASES
from etoile.runtime.processes import spawn
from etoile.runtime.products import product
from etoile.runtime.stack import web, worker

OPEN = "SELECT count(*) FROM delivery_delivery WHERE state <> 'acknowledged'"


class Town:
    """Everything a benchmark starts, stopped by process number at the end."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="etoile-bench-"))
        self.folder.chmod(0o755)
        self.sink_port, self.web_port = free(2)
        self.processes = []
        self.keeper = Keeper(self.folder / "data", home=self.folder / "database")

    def __enter__(self):
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception):
        for process in list(self.processes):
            self.stop(process)
        self.keeper.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self):
        self.keeper.start()
        hub = DATABASES["hub"]
        self.database = self.keeper.server.address(hub.runtime, hub.name)
        self.owner = self.keeper.server.address(hub.owner, hub.name)
        os.environ |= {
            "ETOILE_ENV": "development",
            "ETOILE_DATA": str(self.folder / "data"),
            "ETOILE_LOG_LEVEL": "ERROR",
            "HUB_DATABASE_URL": self.database,
            "HUB_OWNER_DATABASE_URL": self.owner,
            "HUB_PORT": str(self.web_port),
            "HUB_ALLOWED_PRIVATE_ADDRESSES": f"127.0.0.1:{self.sink_port}",
            "DJANGO_SETTINGS_MODULE": "etoile.hub.settings",
        }
        migrate([product("hub")], os.environ, lambda words: None)
        django.setup()
        self.inside = importlib.import_module("bench.inside")
        self.start([sys.executable, "-m", "bench.sink", str(self.sink_port)])
        wait_for(lambda: listening(self.sink_port))

    def start(self, command):
        process = spawn(command)
        self.processes.append(process)
        return process

    def stop(self, process):
        self.processes.remove(process)
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def worker(self):
        return self.start(worker(product("hub")))

    def web(self):
        process = self.start(web(product("hub"), "127.0.0.1", self.web_port))
        wait_for(lambda: answers(f"http://127.0.0.1:{self.web_port}/health/ready"))
        return process

    def empty(self):
        """Forget every message and delivery; the statistics of the planner are fresh, as after a vacuum."""
        with psycopg.connect(self.owner, autocommit=True) as connection:
            connection.execute(f"TRUNCATE {', '.join(TABLES)}")
            connection.execute(f"VACUUM ANALYZE {', '.join(TABLES)}")
        self.arrivals()

    def subscriptions(self, paths, *, concurrency):
        """Load a star with a receiver at each path, in the place of the one before. Returns the registry's snapshot."""
        file = self.folder / "star.yaml"
        file.write_text(star([f"http://127.0.0.1:{self.sink_port}{path}" for path in paths], concurrency))
        return self.inside.load(file, self.database)

    def arrivals(self):
        """What the sink received since last asked."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.sink_port}/_arrivals") as answer:
            lines = [line.split() for line in answer.read().splitlines()]
        return [Arrival(path.decode(), identifier.decode(), int(moment)) for path, identifier, moment in lines]

    def count(self, query=OPEN):
        with psycopg.connect(self.database) as connection:
            return connection.execute(query).fetchone()[0]

    @property
    def database_pid(self):
        return self.keeper.server.pid


def listening(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def wait_for(condition, seconds=60.0, pause=0.05):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("the bench waited in vain")
        time.sleep(pause)
