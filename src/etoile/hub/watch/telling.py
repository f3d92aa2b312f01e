"""Sending what is to be told: by e-mail and by webhook, outside any transaction, again until it has left."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import parseaddr

import structlog
from django.conf import settings
from django.db import connection

from etoile.contract.signature import SignatureError, sign
from etoile.hub.watch.models import Channel, Notice
from etoile.sdk import Door, DoorError, MailDoor, MailError
from etoile.sdk.mail import smtp

log = structlog.get_logger("etoile.hub.watch")

MOST = 50
LEASE = 120.0
PATIENCE = 15.0
# Seconds between two tries; the last one is repeated until the message is too old to be news.
DELAYS = (15.0, 60.0, 300.0, 900.0, 3600.0)
NEWS_FOR = timedelta(days=3)

# The next try is written before this one: a process killed meanwhile is a try that failed. What was said of an alarm
# goes out in the order it was said.
TAKE = """
UPDATE watch_notice SET attempts = attempts + 1, due = %(now)s + make_interval(secs => %(lease)s::float8)
WHERE id IN (
    SELECT n.id FROM watch_notice n
    WHERE n.due <= %(now)s AND NOT EXISTS (
        SELECT FROM watch_notice e
        WHERE e.alarm_id = n.alarm_id AND e.channel = n.channel AND e.recipient = n.recipient AND e.id < n.id
          AND e.due IS NOT NULL
    )
    ORDER BY n.id LIMIT %(most)s FOR UPDATE SKIP LOCKED
)
RETURNING id
"""


class NotTold(Exception):
    """It did not leave. `final`: another try would not help. `moot`: nobody waits for it any more."""

    def __init__(self, words: str, *, final: bool = False, moot: bool = False) -> None:
        super().__init__(words)
        self.final = final or moot
        self.moot = moot


def send_due(now: datetime) -> tuple[int, int]:
    """Send what is due. Returns how many left, and how many did not."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"now": now, "lease": LEASE, "most": MOST})
        taken = [row[0] for row in cursor.fetchall()]
    waiting = list(Notice.objects.filter(pk__in=taken))
    if not waiting:
        return 0, 0
    # The network may take its time: no connection is kept open for it.
    if not connection.in_atomic_block:
        connection.close()
    results = asyncio.run(_send_all(waiting))
    for notice, error in zip(waiting, results, strict=True):
        _note(notice, error, now)
    failed = sum(error is not None for error in results)
    return len(waiting) - failed, failed


async def _send_all(waiting: Sequence[Notice]) -> list[NotTold | None]:
    mail = MailDoor(smtp(settings.HUB_SMTP_URL))
    async with Door(settings.HUB_ALLOWED_PRIVATE_ADDRESSES) as door:
        return list(await asyncio.gather(*(_send(notice, door, mail) for notice in waiting)))


async def _send(notice: Notice, door: Door, mail: MailDoor) -> NotTold | None:
    try:
        if notice.channel == Channel.EMAIL:
            await _write_to(notice, mail)
        else:
            await _call(notice, door)
    except NotTold as refusal:
        return refusal
    except Exception as error:
        log.exception("watch.telling_failed", kind=notice.channel)
        return NotTold(type(error).__name__)
    return None


async def _write_to(notice: Notice, mail: MailDoor) -> None:
    if notice.recipient not in settings.HUB_ALARM_EMAILS:
        raise NotTold("no longer a recipient", moot=True)
    sender = settings.HUB_ALARM_FROM
    content = notice.content
    headers = {
        "Message-ID": f"<{notice.key}@{parseaddr(sender)[1].rpartition('@')[2]}>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": settings.HUB_ALARM_LANGUAGE,
    }
    try:
        await mail.send(
            sender, notice.recipient, content["subject"], content["text"], headers, html=content.get("html")
        )
    except MailError as error:
        raise NotTold(error.message, final=error.kind == "invalid") from None


async def _call(notice: Notice, door: Door) -> None:
    body = notice.content["body"].encode()
    if not settings.HUB_ALARM_WEBHOOK_URL:
        raise NotTold("HUB_ALARM_WEBHOOK_URL is empty now", moot=True)
    try:
        headers = sign(settings.HUB_ALARM_WEBHOOK_SECRET, id=notice.key, body=body)
        answer = await door.request(
            "POST",
            settings.HUB_ALARM_WEBHOOK_URL,
            headers={**headers, "Content-Type": "application/json"},
            data=body,
            timeout=PATIENCE,
            max_bytes=2**16,
        )
    except (DoorError, SignatureError) as error:
        raise NotTold(str(error)) from None
    if not 200 <= answer.status < 300:
        raise NotTold(f"HTTP {answer.status}")


def _note(notice: Notice, error: NotTold | None, now: datetime) -> None:
    if error is None:
        notice.sent_at, notice.due, notice.last_error = now, None, ""
    else:
        notice.last_error = str(error)[:500]
        delay = DELAYS[min(notice.attempts, len(DELAYS)) - 1]
        over = error.final or now + timedelta(seconds=delay) > notice.created_at + NEWS_FOR
        notice.due = None if over else now + timedelta(seconds=delay)
        notice.given_up_at = now if over and not error.moot else None
        log.warning("watch.not_told", kind=str(notice.channel), attempt=notice.attempts, state="over" if over else "")
    notice.save(update_fields=["sent_at", "due", "last_error", "given_up_at"])
