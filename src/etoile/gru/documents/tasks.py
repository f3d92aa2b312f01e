"""Documents that no scanner has judged yet: it was away, or has been configured since."""

import structlog
from procrastinate.contrib.django import app

from etoile.gru.documents import scanning

log = structlog.get_logger("etoile.documents")


@app.periodic(cron="*/5 * * * *")
@app.task(name="documents.scan", queueing_lock="documents.scan")
def scan(timestamp: int) -> None:
    judged = scanning.examine_waiting()
    if judged:
        log.info("documents_scanned", count=judged)
