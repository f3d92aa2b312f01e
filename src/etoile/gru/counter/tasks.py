"""What the worker does here: erase what is too old."""

import structlog
from procrastinate.contrib.django import app

from etoile.gru.counter import questions

log = structlog.get_logger(__name__)


@app.periodic(cron="41 3 * * *")
@app.task(name="counter.purge", queueing_lock="counter.purge")
def purge(timestamp: int) -> None:
    """Questions older than a year."""
    gone = questions.purge()
    if gone:
        log.info("questions_erased", count=gone)
