"""The jobs of this room, known by name: deferring one is an INSERT on Django's own connection, in its transaction."""

import uuid

from procrastinate.contrib.django import app

ACT, EXPORT = "batches.act", "batches.export"
QUEUE = "batches"


def defer(batch_id: uuid.UUID, *, export: bool) -> None:
    """Queue a work. Queued twice, the second run finds it ended.

    One act and one export at a time hold a place of a worker each: the letters to people always have the others."""
    name = EXPORT if export else ACT
    app.configure_task(name, queue=QUEUE, lock=name, allow_unknown=True).defer(batch_id=str(batch_id))
