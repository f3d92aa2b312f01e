"""The place of exchange: the simulated SFTP server of the connector, kept in step with this application's switch."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path

import asyncssh

from etoile.connectors.file_drop.double import SftpDouble
from etoile.doubles.simulation.process import MissingSecretError
from etoile.sdk.faults import Fault, Switch

PAUSE = 0.2


@asynccontextmanager
async def exchange(
    place: Path, port: int, key: asyncssh.SSHKey, password: Callable[[], str], switch: Switch
) -> AsyncIterator[SftpDouble]:
    """An SFTP server that shows the folder `place`. Its password and its fault are looked at again all the time: the
    town's secrets may be made after this application was started."""
    async with SftpDouble(place, port=port, key=key, password=secrets.token_hex()) as server:
        follower = asyncio.create_task(_follow(server, password, switch))
        try:
            yield server
        finally:
            follower.cancel()


async def _follow(server: SftpDouble, password: Callable[[], str], switch: Switch) -> None:
    shown: Fault | None = None
    while True:
        try:
            server.password = password()
        except MissingSecretError:
            server.password = secrets.token_hex()
        if switch.current is not shown:
            shown = switch.current
            settings = asdict(shown) if shown else {"fault": None}
            server.faults.set(settings.pop("fault"), **settings)
        await asyncio.sleep(PAUSE)
