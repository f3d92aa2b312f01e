"""Everything that runs together on one machine: the database, and each product's web server and worker.

    with Stack(tell=print) as stack:
        stack.start()                       # returns once every page answers
        stack.address("gru")                # "http://127.0.0.1:8000"
        stack.programs.kill("hub-worker")   # see Supervisor

The environment is that of this process, with `environment` on top. Nothing it starts outlives it.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TextIO

from etoile.runtime import databases
from etoile.runtime.background import WEB_THREADS
from etoile.runtime.folders import data_folder
from etoile.runtime.migration import migrate
from etoile.runtime.plain import PlainError
from etoile.runtime.postgres import server
from etoile.runtime.postgres.keeper import Keeper
from etoile.runtime.postgres.problems import AlreadyRunningError
from etoile.runtime.postgres.provision import DATABASES
from etoile.runtime.postgres.server import Tell
from etoile.runtime.products import Product, discover
from etoile.runtime.products import product as product_named
from etoile.runtime.supervisor import Supervisor
from etoile.runtime.variables import Variable

LOCAL: Final = "127.0.0.1"
WAIT_FOR_ANOTHER: Final = 30.0


class PortTakenError(PlainError):
    """Another program listens where one of ours should."""


class Stack:
    """One machine's processes. Names in `programs`: hub-web, hub-worker, gru-web, gru-worker."""

    def __init__(
        self,
        *,
        environment: Mapping[str, str] | None = None,
        products: Sequence[str] | None = None,
        tell: Tell | None = None,
        output: TextIO | None = None,
    ) -> None:
        self.environment = {**os.environ, **(environment or {})}
        self.data: Path = data_folder(self.environment)
        self.environment["ETOILE_DATA"] = str(self.data)
        self.products: list[Product] = [product_named(name) for name in (products or discover())]
        self.programs = Supervisor(output=output)
        self.keeper: Keeper | None = None
        self._owners: dict[str, str] = {}
        self._tell: Tell = tell or (lambda message: None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Database, migrations, then web servers and workers; returns once all of them are ready."""
        self.check_ports()
        self.start_database()
        self.migrate()
        self.start_products()

    def check_ports(self) -> None:
        """Say now, rather than from a child that dies, that a port is taken."""
        taken = [product for product in self.products if listening(self._host(product), self.port(product))]
        if taken:
            sentences = [
                f"Port {self.port(product)} ({product.name}) is used by another program: stop it, or choose another "
                f"one with {product.port_variable}."
                for product in taken
            ]
            raise PortTakenError("\n".join(sentences))

    def start_database(self) -> None:
        """The embedded server, unless every product's address is given."""
        missing = [product.name for product in self.products if not self._given(product.name)]
        if not missing:
            return
        self.keeper = Keeper(self.data, tell=self._tell)
        self.keeper.start()
        for name in missing:
            database = DATABASES[name]
            self.environment[f"{name.upper()}_DATABASE_URL"] = self.keeper.server.address(
                database.runtime, database.name
            )
            self._owners[f"{name.upper()}_OWNER_DATABASE_URL"] = self.keeper.server.address(
                database.owner, database.name
            )

    def migrate(self) -> None:
        migrate(self.products, {**self.environment, **self._owners}, self._tell)

    def start_products(self) -> None:
        """Web servers and workers of all the products, at the same time."""
        for product in self.products:
            self.programs.add(
                f"{product.name}-web",
                web(product, self._host(product), self.port(product)),
                self.environment,
                ready_url=f"{self.address(product.name)}/health/ready",
            )
            self.programs.add(f"{product.name}-worker", worker(product), self.environment)
        self.programs.start()
        for name in self.programs.states():
            self.programs.wait_ready(name)

    def address(self, name: str) -> str:
        """Where this machine reaches the product: not the public address."""
        named = product_named(name)
        return f"http://{_reachable(self._host(named))}:{self.port(named)}"

    def port(self, product: Product) -> int:
        raw = self.environment.get(product.port_variable, "").strip() or str(product.default_port)
        if not raw.isdigit():
            raise PlainError(f"{product.port_variable} is “{raw}”: a whole number is expected.")
        return int(raw)

    def close(self) -> None:
        """Programs first, then the database they use."""
        self.programs.close()
        if self.keeper is not None:
            self.keeper.close()
            self.keeper = None

    def _host(self, product: Product) -> str:
        return self.environment.get(f"{product.prefix}_HOST", "").strip() or LOCAL

    def _given(self, name: str) -> bool:
        return bool(self.environment.get(f"{name.upper()}_DATABASE_URL", "").strip())


def web(product: Product, host: str, port: int) -> list[str]:
    """The command of a product's web server: WSGI, since Django is three times slower under ASGI (docs/adr)."""
    options = ["--interface", "wsgi", "--workers", "1", "--blocking-threads", str(WEB_THREADS)]
    options += ["--host", host, "--port", str(port), "--log-level", "error", "--no-access-log", "--no-ws"]
    options += ["--workers-kill-timeout", "8"]
    return [sys.executable, "-m", "granian", *options, product.wsgi]


def worker(product: Product) -> list[str]:
    return [sys.executable, "-m", product.worker]


def manage(product: str, arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> int:
    """Run a management command in a process of its own, with the product's settings and a database. Its status."""
    command = [sys.executable, "-m", "etoile.runtime.manage", product, *arguments]
    with database():
        # Read here: the database just started may have put its addresses there.
        given = {**os.environ, **(environment or {})}
        return subprocess.run(command, env=given, check=False).returncode  # noqa: S603 - our own module


def host_variable(product: str) -> Variable:
    """Read by the stack; for docs/environment.md."""
    words = f"Address the {product}'s web server listens on; 0.0.0.0 to be reached from other machines."
    return Variable(f"{product.upper()}_HOST", "text", LOCAL, words)


def answers(address: str) -> bool:
    """True if what listens there is one of our products."""
    try:
        with urllib.request.urlopen(f"{address}/health/live", timeout=2) as answer:  # noqa: S310 - http, ours
            return bool(answer.status == 200)
    except (OSError, ValueError):
        return False


def listening(host: str, port: int) -> bool:
    """True if something answers on that port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((_reachable(host), port)) == 0


@contextmanager
def database(tell: Tell | None = None) -> Iterator[None]:
    """Databases within reach of this process and its children: given, else found running, else ours meanwhile."""
    data = data_folder()
    if all(databases.given(name) for name in discover()):
        yield
        return
    give_up = time.monotonic() + WAIT_FOR_ANOTHER
    while server.running(data) is None:
        keeper = Keeper(data, tell=tell)
        try:
            keeper.start()
        except AlreadyRunningError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.2)
            continue
        try:
            yield
        finally:
            keeper.close()
        return
    yield


def _reachable(host: str) -> str:
    return LOCAL if host in {"0.0.0.0", "::", ""} else host  # noqa: S104 - the address of a probe, not of a server
