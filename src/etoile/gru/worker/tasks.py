"""The housekeeping of the worker itself."""

from datetime import timedelta

import structlog
from django.utils import timezone
from oauth2_provider.models import clear_expired
from procrastinate import JobContext
from procrastinate.contrib.django import app

from etoile.gru.api import idempotency
from etoile.gru.outbox import services as outbox

log = structlog.get_logger(__name__)

NAMES = ("worker.retry_stalled", "worker.housekeeping")
# How long what the hub has taken is kept here, to offer it again if the hub were restored from a backup.
KEPT = timedelta(days=30)


@app.periodic(cron="* * * * *")
@app.task(name=NAMES[0], queueing_lock=NAMES[0], pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Jobs of a worker that was killed: procrastinate leaves them `doing` for ever."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=30):
        log.warning("job_stalled", task=job.task_name)
        await manager.retry_job(job)


@app.periodic(cron="41 3 * * *")
@app.task(name=NAMES[1], queueing_lock=NAMES[1])
def housekeeping(timestamp: int) -> None:
    """Forget what has served: contents the hub holds, answers kept for repeats, expired tokens."""
    now = timezone.now()
    outbox.forget_sent(before=now - KEPT)
    idempotency.forget(before=now)
    clear_expired()
