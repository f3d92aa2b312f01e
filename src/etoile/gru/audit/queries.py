"""Reading the audit log, by pages, newest first."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from etoile.gru.audit.models import Entry

SIZE = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; an empty part asks for nothing. `kind`: how the actions begin (`case.read`, `agent`);
    `words`: in the actor or the subject; days are those of the authority, both included."""

    kind: str = ""
    words: str = ""
    since: date | None = None
    until: date | None = None
    account: int | None = None
    case_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """`older` and `newer`: where the neighbours begin, None when there is none."""

    entries: list[Entry]
    older: int | None
    newer: int | None


def page(authority: int, asked: Asked, *, zone: str, before: int | None = None, after: int | None = None) -> Page:
    """One page: what comes before the line `before`, or just after `after`, else the newest. One statement."""
    found = _matching(authority, asked, ZoneInfo(zone))
    if after is not None:
        rows = list(found.filter(pk__gt=after).order_by("pk")[: SIZE + 1])
        more, rows = len(rows) > SIZE, rows[:SIZE][::-1]
        return Page(rows, older=rows[-1].pk if rows else None, newer=rows[0].pk if more else None)
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found.order_by("-pk")[: SIZE + 1])
    more, rows = len(rows) > SIZE, rows[:SIZE]
    newer = rows[0].pk if rows and before is not None else None
    return Page(rows, older=rows[-1].pk if more else None, newer=newer)


def _matching(authority: int, asked: Asked, zone: ZoneInfo) -> QuerySet[Entry]:
    found = Entry.objects.filter(authority_id=authority)
    if asked.kind:
        found = found.filter(action__startswith=asked.kind)
    if asked.account is not None:
        found = found.filter(account_id=asked.account)
    if asked.case_id is not None:
        found = found.filter(case_id=asked.case_id)
    if asked.since is not None:
        found = found.filter(at__gte=_midnight(asked.since, zone))
    if asked.until is not None:
        found = found.filter(at__lt=_midnight(asked.until + timedelta(days=1), zone))
    for word in asked.words.split():
        found = found.filter(Q(actor__icontains=word) | Q(subject__icontains=word))
    return found


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone)
