"""Two loops in one process: the sender of the outbox in a thread, the jobs in the event loop of the main thread.

SIGTERM or SIGINT: each finishes what it holds and stops. A restart of the database only pauses them.
"""

import asyncio
import signal
import threading

import structlog
from procrastinate.contrib.django import app

from etoile.gru.documents import antivirus
from etoile.gru.outbox.sender import Sender
from etoile.gru.worker import tasks

log = structlog.get_logger(__name__)

CONCURRENCY = 4
# Long enough for a mail server's time-out; after it a job is aborted, and taken up again as stalled.
GRACE = 25.0
PAUSE = 2.0


def run() -> int:
    """Run until a signal; returns the exit status."""
    sender = Sender()
    thread = threading.Thread(target=sender.run, name="outbox-sender", daemon=True)
    thread.start()
    log.info("worker_started", tasks=len(tasks.NAMES))
    if not antivirus.is_configured():
        log.warning("antivirus_none")
    try:
        asyncio.run(_jobs())
    finally:
        sender.stop()
        thread.join(GRACE)
    log.info("worker_stopped")
    return 0


async def _jobs() -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    while not stopped.is_set():
        work = asyncio.create_task(_work())
        stop = asyncio.create_task(stopped.wait())
        await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if not work.done():
            # Cancelling asks procrastinate for a graceful stop: the running jobs are finished first.
            work.cancel()
        try:
            await work
        except asyncio.CancelledError:
            break
        except Exception as error:
            log.warning("jobs_interrupted", error=type(error).__name__)
        await _sleep(stopped, PAUSE)


async def _work() -> None:
    # Another connector for the worker only: what a task defers itself still goes through Django's connection.
    working = app.with_connector(app.connector.get_worker_connector())
    async with working.open_async():
        await working.run_worker_async(
            concurrency=CONCURRENCY,
            install_signal_handlers=False,
            shutdown_graceful_timeout=GRACE - 5,
            fetch_job_polling_interval=5.0,
            delete_jobs="successful",
        )


async def _sleep(stopped: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stopped.wait(), seconds)
    except TimeoutError:
        return
