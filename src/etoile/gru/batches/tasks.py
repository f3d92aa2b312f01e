"""What the worker does: the works that agents ask, one act and one export at a time."""

import uuid

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from etoile.gru.batches import jobs, running, services
from etoile.gru.batches.running import Stopping

TRIES = 3


@app.task(name=jobs.ACT, queue=jobs.QUEUE, retry=RetryStrategy(max_attempts=TRIES, wait=10), pass_context=True)
def act(context, *, batch_id: str) -> None:  # type: ignore[no-untyped-def]
    _run(context, running.act, uuid.UUID(batch_id), export=False)


@app.task(name=jobs.EXPORT, queue=jobs.QUEUE, retry=RetryStrategy(max_attempts=TRIES, wait=10), pass_context=True)
def export(context, *, batch_id: str) -> None:  # type: ignore[no-untyped-def]
    _run(context, running.export, uuid.UUID(batch_id), export=True)


def _run(context, work, batch_id: uuid.UUID, *, export: bool) -> None:  # type: ignore[no-untyped-def]
    stopping: Stopping = context.should_abort
    try:
        if not work(batch_id, stopping):
            # The worker ends: another takes up what is left.
            jobs.defer(batch_id, export=export)
    except Exception:
        if context.job.attempts >= TRIES:
            services.fail(batch_id)
        raise


@app.periodic(cron="37 * * * *")
@app.task(name="batches.take_up", queueing_lock="batches.take_up")
def take_up(timestamp: int) -> None:
    services.take_up()


@app.periodic(cron="23 * * * *")
@app.task(name="batches.forget", queueing_lock="batches.forget")
def forget(timestamp: int) -> None:
    services.forget()
