"""A hub as `etoile up` runs it, with a second worker: every process supervised, every process killed at will."""

import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from signal import SIGCONT, Signals
from typing import Any

import django
import psycopg

from etoile.demo.command import forget
from etoile.demo.stage import Ports
from etoile.runtime.postgres.configuration import ADMINISTRATOR
from etoile.runtime.postgres.provision import DATABASES
from etoile.runtime.processes import alive
from etoile.runtime.products import product
from etoile.runtime.stack import Stack, worker
from tests.crashes.publisher import until
from tests.crashes.receiver import Receiver
from tests.crashes.star import SECRETS, star

WEB, WORKER, SECOND = "hub-web", "hub-worker", "hub-worker-2"
WORKERS = (WORKER, SECOND)
HUB = DATABASES["hub"]
# What has somewhere to go by itself.
OPEN = {"pending", "leased", "retry_scheduled"}


class Machine:
    """Everything it starts ends with it. `query` speaks to the database as the hub does, on a connection of its own."""

    def __init__(self, receiver: Receiver, office: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="etoile-crashes-"))
        self.folder.chmod(0o755)
        self.clock = self.folder / "clock"
        self._receiver, self._office = receiver, office
        self._said = (self.folder / "programs.log").open("w", encoding="utf-8")
        port = Ports.free().hub
        self.stack = Stack(environment=self._environment(port), products=["hub"], output=self._said)
        self.programs = self.stack.programs

    def __enter__(self) -> "Machine":
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self.stack.close()
        self._said.close()
        sys.stdout.write(self.last_words())
        forget(self.stack.data)
        forget(self.folder)

    @property
    def address(self) -> str:
        return self.stack.address("hub")

    def last_words(self) -> str:
        return (self.folder / "programs.log").read_text(encoding="utf-8")[-6000:]

    def secret(self, name: str) -> str:
        return (self.stack.data / "secrets" / name).read_text(encoding="utf-8").strip()

    def _environment(self, port: int) -> dict[str, str]:
        return {
            "ETOILE_DATA": str(self.folder / "data"),
            "ETOILE_ENV": "development",
            "ETOILE_LOG_LEVEL": "WARNING",
            "HUB_PORT": str(port),
            "HUB_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "HUB_ALLOWED_PRIVATE_ADDRESSES": f"127.0.0.1:{self._receiver.port},127.0.0.1:{self._office}",
        }

    def _start(self) -> None:
        self.stack.start_database()
        self.stack.migrate()
        path = [str(Path(__file__).with_name("skewed")), os.environ.get("PYTHONPATH", "")]
        self.stack.environment["PYTHONPATH"] = os.pathsep.join(each for each in path if each)
        os.environ |= self.stack.environment | {"DJANGO_SETTINGS_MODULE": "etoile.hub.settings"}
        django.setup()
        self._load()
        self.programs.add(SECOND, worker(product("hub")), self.stack.environment)
        self.stack.start_products()

    def _load(self) -> None:
        # Models can be read once Django is set up, which needs the database this machine starts.
        from etoile.hub.registry.services import load  # noqa: PLC0415

        file = self.folder / "star.yaml"
        file.write_text(star(self._receiver.port, self._office), encoding="utf-8")
        load(file, actor="crashes")

    # What is asked of the database.

    def query(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self._as(HUB.runtime)) as connection:
            return connection.execute(statement, values).fetchall()

    def connect(self, role: str = HUB.runtime) -> psycopg.Connection:
        return psycopg.connect(self._as(role), autocommit=True)

    def administer(self, *statements: str) -> list[tuple[Any, ...]]:
        """As the administrator of the server. Returns the rows of the last statement, if it has any."""
        with psycopg.connect(self.administrators, autocommit=True) as connection:
            for statement in statements:
                done = connection.execute(statement)
            return done.fetchall() if done.description else []

    @property
    def administrators(self) -> str:
        return self._as(ADMINISTRATOR)

    def states(self, subjects: list[str]) -> dict[str, int]:
        """How many deliveries of these cases are in each state."""
        statement = "SELECT state, count(*) FROM delivery_delivery WHERE subject = ANY(%s) GROUP BY 1"
        return dict(self.query(statement, subjects))

    def drained(self, subjects: list[str], seconds: float = 180.0) -> None:
        def none_is_open() -> bool:
            try:
                return not OPEN & self.states(subjects).keys()
            except psycopg.OperationalError:
                return False

        until(none_is_open, f"every delivery is settled\n{self.last_words()}", seconds)

    # What is done to it.

    def pid(self, name: str) -> int:
        pid = self.programs.states()[name].pid
        assert pid is not None, f"{name} is not running"
        return pid

    def kill(self, *names: str) -> None:
        """SIGKILL, all at once; the supervisor starts them again by itself."""
        for name in names:
            self.programs.kill(name)

    def again(self, *names: str) -> None:
        """Wait until these programs, killed a moment ago, run again; the supervisor need not be patient with a test."""
        for name in names:
            self.programs.start(name)
            self.programs.wait_ready(name)

    def signal(self, name: str, number: Signals) -> None:
        os.killpg(self.pid(name), number)

    def skew(self, seconds: int | None) -> None:
        """By how much the clocks of the programs are wrong. From None (not at all) or to it: from their next start."""
        environment = self.stack.environment
        if seconds is None:
            environment.pop("ETOILE_CLOCK", None)
            return
        draft = self.clock.with_suffix(".draft")
        draft.write_text(str(seconds))
        draft.replace(self.clock)
        environment["ETOILE_CLOCK"] = str(self.clock)

    def thaw(self, name: str) -> None:
        """Go on, if it was frozen."""
        pid = self.programs.states()[name].pid
        if pid is not None:
            with suppress(ProcessLookupError):
                os.killpg(pid, SIGCONT)

    @property
    def postmaster(self) -> int:
        assert self.stack.keeper is not None
        pid = self.stack.keeper.server.pid
        assert pid is not None, "PostgreSQL is not running"
        return pid

    def signal_database(self, number: Signals, *, family: bool = False) -> None:
        """To the postmaster; with its `family`, to all its processes at once. The keeper starts it again by itself."""
        postmaster = self.postmaster
        for pid in [postmaster, *(children(postmaster) if family else ())]:
            os.kill(pid, number)
        until(lambda: not alive(postmaster) or self._database() not in (None, postmaster), "PostgreSQL ends")

    def database_again(self) -> None:
        until(self._answers, "PostgreSQL answers again")

    def _database(self) -> int | None:
        assert self.stack.keeper is not None
        return self.stack.keeper.server.pid

    def _answers(self) -> bool:
        try:
            return bool(self.query("SELECT 1"))
        except psycopg.OperationalError:
            return False

    def _as(self, role: str) -> str:
        assert self.stack.keeper is not None
        return self.stack.keeper.server.address(role, HUB.name)


def children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def secrets_of(machine: Machine) -> Callable[[str], str]:
    return {slug: machine.secret(name) for slug, name in SECRETS.items()}.__getitem__
