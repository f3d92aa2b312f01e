"""What wakes the worker: PostgreSQL says which subscriptions have something due; a look each second is the net."""

import asyncio
from collections.abc import Callable

import psycopg
import structlog

from etoile.hub.delivery.engine import CHANNEL
from etoile.hub.worker.database import conninfo

log = structlog.get_logger("etoile.hub.worker")

SILENCE = 30.0
AGAIN = 1.0

Woken = Callable[[set[int] | None], None]


async def listen(woken: Woken) -> None:
    """Call `woken` with subscriptions that have something due, None for all; for ever, also after a loss."""
    while True:
        try:
            await _listen(woken)
        except Exception as error:
            log.warning("worker.listening_lost", error=type(error).__name__)
        await asyncio.sleep(AGAIN)


async def _listen(woken: Woken) -> None:
    connection = await psycopg.AsyncConnection.connect(
        conninfo(), autocommit=True, application_name="etoile-hub-worker-listen"
    )
    async with connection:
        await connection.execute(f"LISTEN {CHANNEL}")
        woken(None)
        while True:
            async for notice in connection.notifies(timeout=SILENCE):
                woken(_subscriptions(notice.payload))
            await connection.execute("SELECT 1")


def _subscriptions(payload: str) -> set[int] | None:
    try:
        return {int(each) for each in payload.split(",")} if payload else None
    except ValueError:
        return None
