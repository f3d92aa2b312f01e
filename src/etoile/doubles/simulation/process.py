"""Running a simulated application: its arguments, its secrets, its server and its background thread."""

import argparse
import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from granian.constants import Interfaces
from granian.server.embed import Server

from etoile.contract.client import HubClient
from etoile.doubles.simulation.site import Simulation

log = logging.getLogger(__name__)


class MissingSecretError(Exception):
    """A secret is neither in the environment nor in the folder of secrets; says which."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the command line says. `secrets`: folder of the secrets, one file each."""

    port: int
    hub: str
    data: Path
    secrets: Path
    auto_seconds: float | None = None
    host: str = "127.0.0.1"
    sftp_port: int | None = None

    def secret(self, name: str) -> str:
        """Read at each use: the town's secrets may be made after this application was started."""
        if value := os.environ.get(name.upper()):
            return value
        path = self.secrets / name
        if not path.is_file():
            raise MissingSecretError(f"no variable {name.upper()} and no file {path}")
        return path.read_text().strip()

    def client(self, client_id: str, secret_name: str) -> Callable[[], HubClient]:
        """A way to the hub's client, made at the first use and kept (it keeps its token)."""
        made: list[HubClient] = []

        def client() -> HubClient:
            if not made:
                made.append(HubClient(self.hub, client_id, self.secret(secret_name)))
            return made[0]

        return client


def parse(name: str, default_port: int, arguments: list[str] | None = None) -> Settings:
    data = Path(os.environ.get("ETOILE_DATA", "data"))
    parser = argparse.ArgumentParser(prog=f"python -m etoile.doubles.{name}")
    parser.add_argument("--port", type=int, default=default_port)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--hub", default="http://127.0.0.1:8100", help="address of the hub")
    parser.add_argument("--data", type=Path, default=data / "doubles" / f"{name}.sqlite", help="file of its memory")
    parser.add_argument("--secrets", type=Path, default=data / "secrets", help="folder of the secrets")
    parser.add_argument("--sftp-port", type=int, default=None, help="for an application that exchanges files")
    parser.add_argument("--auto-seconds", type=float, default=None, help="move each item on by itself")
    return Settings(**vars(parser.parse_args(arguments)))


def keep_working(simulation: Simulation, stop: threading.Event, pause: float = 0.2) -> None:
    """The background thread: whatever happens in one round, the next one comes."""
    while not stop.wait(pause):
        try:
            simulation.work()
        except MissingSecretError as missing:
            log.warning("waiting for a secret: %s", missing)
            stop.wait(1)
        except Exception as error:
            log.warning("background work failed: %s", type(error).__name__)
            stop.wait(1)


def run(simulation: Simulation, settings: Settings) -> int:
    """Serve until told to stop (SIGTERM, SIGINT)."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    # It tells each step of each connection.
    logging.getLogger("asyncssh").setLevel(logging.WARNING)
    stop = threading.Event()
    worker = threading.Thread(target=keep_working, args=(simulation, stop), daemon=True)
    worker.start()
    asyncio.run(_serve(simulation, settings))
    stop.set()
    worker.join(5)
    simulation.store.close()
    return 0


async def _serve(simulation: Simulation, settings: Settings) -> None:
    server = Server(
        simulation.faults, address=settings.host, port=settings.port, interface=Interfaces.ASGI, websockets=False
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, server.stop)
    async with simulation.beside():
        await server.serve()
