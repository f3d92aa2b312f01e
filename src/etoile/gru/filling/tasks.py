"""Each night: drafts nobody came back to, and files that a kill left without an owner."""

import structlog
from procrastinate.contrib.django import app

from etoile.gru.documents import services as documents
from etoile.gru.filling import services

log = structlog.get_logger("etoile.filling")


@app.periodic(cron="7 3 * * *")
@app.task(name="filling.purge", queueing_lock="filling.purge")
def purge(timestamp: int) -> None:
    """Drafts are erased by the thousand; what is left goes the night after."""
    log.info("filling.purged", count=services.purge(), rows=documents.sweep())
