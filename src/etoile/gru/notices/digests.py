"""What was kept back by the limit of a day leaves together, the next morning at eight."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models.functions import Lower

from etoile.gru.access.models import Authority
from etoile.gru.notices import jobs, readers
from etoile.gru.notices.handing import DIGEST
from etoile.gru.notices.models import Notice, State
from etoile.gru.notices.services import Recipient, send_later

HOUR = 8
# Addresses of one run; the rest is at the next.
BATCH = 500


def send_due(now: datetime) -> int:
    """Make the digest of each address whose notices wait since before the last eight o'clock; how many were made."""
    made = 0
    for authority in Authority.objects.filter(pk__in=_waiting().values("authority")):
        before = _last_morning(now, authority.timezone)
        addresses = _waiting().filter(authority=authority, created_at__lt=before).values_list("to", flat=True)
        made += sum(_make(authority, to) for to in addresses.distinct()[:BATCH])
    return made


def _waiting() -> Any:
    return Notice.objects.annotate(to=Lower("recipient_email")).filter(state=State.GROUPED, digest=None).order_by()


def _last_morning(now: datetime, timezone_name: str) -> datetime:
    local = now.astimezone(ZoneInfo(timezone_name))
    morning = local.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return morning if morning <= local else morning - timedelta(days=1)


@transaction.atomic
def _make(authority: Authority, to: str) -> bool:
    """Everything that waits for this address; locked, so that two workers make one digest. What is for somebody else by
    now leaves alone."""
    rows = list(
        _waiting().filter(authority=authority, to=to).select_for_update(skip_locked=True).order_by("created_at")
    )
    gone = set(readers.gone_from(rows))
    Notice.objects.filter(pk__in=gone).update(state=State.CREATED)
    for each in gone:
        jobs.defer(each)
    rows = [row for row in rows if row.pk not in gone]
    if not rows:
        return False
    last = rows[-1]
    recipient = Recipient(last.recipient_name, last.recipient_email, last.language)
    digest = send_later(authority, recipient, DIGEST, {"authority": authority.name, "items": items_of(rows)})
    Notice.objects.filter(pk__in=[row.pk for row in rows]).update(digest=digest)
    return True


def items_of(rows: Sequence[Notice]) -> list[dict[str, Any]]:
    """One item a request, in the order in which they moved: its identifier, reference, procedure, how many news."""
    found: dict[Any, dict[str, Any]] = {}
    for row in rows:
        said = {name: row.context[name] for name in ("reference", "procedure", "discreet") if name in row.context}
        item = found.setdefault(row.case_id or row.pk, {**said, "case": str(row.case_id or ""), "count": 0})
        item["count"] += 1
    return list(found.values())
