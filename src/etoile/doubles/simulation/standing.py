"""The applications of the fictional town, started one by one: `etoile double services-famille`."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

from etoile.doubles.simulation.process import Settings, keep_working
from etoile.doubles.simulation.profile import Profile
from etoile.doubles.simulation.site import Simulation
from etoile.sdk.doubles import Double, Place, Standing
from etoile.sdk.testing import serve


def double(
    profile: Profile,
    build: Callable[[Settings], Simulation],
    *,
    english: str,
    speaks: str,
    port: int,
    control_port: int | None = None,
) -> Double:
    """One application as a double. `control_port`: that of its page, for one whose `port` speaks SFTP."""
    return Double(
        name=profile.slug,
        french=f"{profile.domain}. {profile.how}",
        english=english,
        speaks=speaks,
        kinds=profile.faults,
        port=port,
        control_port=control_port,
        open=partial(_standing, build, control_port is not None),
    )


@asynccontextmanager
async def _standing(build: Callable[[Settings], Simulation], beside: bool, place: Place) -> AsyncIterator[Standing]:
    place.folder.mkdir(parents=True, exist_ok=True)
    page = place.control_port if beside else place.port
    settings = Settings(
        port=page,
        hub=place.hub,
        data=place.folder / "memory.sqlite",
        secrets=place.secrets,
        host=place.host,
        sftp_port=place.port if beside else None,
    )
    simulation = build(settings)
    stop = threading.Event()
    worker = threading.Thread(target=keep_working, args=(simulation, stop), daemon=True)
    async with simulation.beside():
        with serve(simulation.faults, host=place.host, port=page) as address:
            worker.start()
            try:
                says = {"page": f"{address}/", "memory": str(place.folder), "secrets": str(place.secrets)}
                yield Standing(simulation.faults, says | ({"SFTP": f"{place.host}:{place.port}"} if beside else {}))
            finally:
                stop.set()
                await asyncio.to_thread(worker.join, 5)
    simulation.store.close()
