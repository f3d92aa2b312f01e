"""A throw-away hub: its own durable PostgreSQL (fsync on), one source, N applications that receive by webhook."""

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

from etoile.runtime.migration import migrate
from etoile.runtime.postgres.keeper import Keeper
from etoile.runtime.postgres.provision import DATABASES
from etoile.runtime.products import product
from etoile.runtime.stack import web, worker

TOWN = "21490999900017"
SUBMITTED = "org.etoile.case.submitted.v1"
TABLES = "journal_message, journal_message_key, delivery_delivery, delivery_attempt, delivery_external_reference"


class Town:
    """Everything the bench starts, stopped by process number at the end."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="etoile-bench-"))
        self.folder.chmod(0o755)
        self.sink_port, self.web_port = free_port(), free_port()
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
            "ETOILE_LOG_LEVEL": "WARNING",
            "HUB_DATABASE_URL": self.database,
            "HUB_OWNER_DATABASE_URL": self.owner,
            "HUB_PORT": str(self.web_port),
            "HUB_ALLOWED_PRIVATE_ADDRESSES": f"127.0.0.1:{self.sink_port}",
            "DJANGO_SETTINGS_MODULE": "etoile.hub.settings",
        }
        migrate([product("hub")], os.environ, lambda words: None)
        django.setup()
        self.sink = self.start([sys.executable, "-m", "bench.sink", str(self.sink_port)])
        wait_for(lambda: listening(self.sink_port))

    def start(self, command):
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
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

    def empty(self, *more):
        """Forget every message and delivery; the statistics of the planner are fresh, as after a vacuum."""
        with psycopg.connect(self.owner, autocommit=True) as connection:
            connection.execute(f"TRUNCATE {', '.join((TABLES, *more))}")
            connection.execute("VACUUM ANALYZE")

    def subscriptions(self, number, *, concurrency):
        """Load a star with `number` receivers, in the place of the one before. Returns the registry's snapshot."""
        # Models can be read once Django is set up, which needs the database this town starts.
        from etoile.hub.registry import directory, services  # noqa: PLC0415
        from etoile.hub.registry.models import Subscription  # noqa: PLC0415

        Subscription.objects.all().delete()
        file = self.folder / "star.yaml"
        file.write_text(star(number, self.sink_port, concurrency))
        services.load(file, actor="bench")
        with psycopg.connect(self.database) as connection, connection.cursor() as cursor:
            return directory.current(cursor)

    def arrivals(self):
        """What the sink received since last asked: (path, identifier, nanoseconds)."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.sink_port}/_arrivals") as answer:
            lines = [line.split() for line in answer.read().splitlines()]
        return [(path.decode(), identifier.decode(), int(moment)) for path, identifier, moment in lines]

    def count(self, query):
        with psycopg.connect(self.database) as connection:
            return connection.execute(query).fetchone()[0]


def star(number, port, concurrency):
    receivers = "".join(
        f"  - {{slug: r{each}, name: R{each}, authorities: ['{TOWN}'], receives: [{SUBMITTED}]}}\n"
        for each in range(number)
    )
    subscriptions = "".join(
        f"  - {{slug: s{each}, application: r{each}, type: {SUBMITTED}, connector: webhook,"
        f" configuration: {{url: 'http://127.0.0.1:{port}/s{each}'}}, policy: {{concurrency: {concurrency}}},"
        f" secrets: {{signing_secret: {{secret: bench_signing, kind: whsec}}}}}}\n"
        for each in range(number)
    )
    return (
        f"star: 1\nauthorities: [{{siret: '{TOWN}', name: Bench}}]\napplications:\n"
        f"  - {{slug: gru, name: GRU, authorities: ['{TOWN}'], emits: [{SUBMITTED}],"
        " credentials: [{client_id: gru, secret: {secret: gru_hub_client_secret}, scopes: [events:write]}]}\n"
        f"{receivers}subscriptions:\n{subscriptions}"
    )


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


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
