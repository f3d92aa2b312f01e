"""The jobs of this room, known by name: deferring one is an INSERT on Django's own connection, in its transaction."""

import uuid

from procrastinate.contrib.django import app

SEND = "notices.send"
QUEUE = "notices"


def defer(notice_id: uuid.UUID, *, seconds: int = 0) -> None:
    """Queue the sending of a notice. The lock keeps two workers from sending the same one at once."""
    job = app.configure_task(
        SEND,
        queue=QUEUE,
        lock=f"notice:{notice_id}",
        allow_unknown=True,
        schedule_in={"seconds": seconds} if seconds else None,
    )
    job.defer(notice_id=str(notice_id))
