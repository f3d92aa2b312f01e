"""Whether an e-mail leaves now: what its reader wishes, then how many they had within a day."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models.functions import Lower

from etoile.gru.notices.kinds import CHOSEN, UNCOUNTED, Kind, kind_of
from etoile.gru.notices.models import Notice, State
from etoile.gru.notices.wishes import wants, wish_of

DAY = timedelta(days=1)


def refused_as(notice: Notice, now: datetime) -> State | None:
    """None when it leaves; else the state it takes. No statement for what the law wants or the person asked for.

    Two workers at the same second may each send the last one of the day: a limit for comfort needs no lock.
    """
    kind = kind_of(notice.template)
    if kind not in CHOSEN:
        return None
    if not wants(wish_of(notice.authority, notice.recipient_email), kind):
        return State.WITHHELD
    if kind != Kind.DIGEST and _sent_within_a_day(notice, now) >= settings.NOTICE_LIMIT:
        return State.GROUPED
    return None


def _sent_within_a_day(notice: Notice, now: datetime) -> int:
    """Counted no further than the limit."""
    sent = Notice.objects.alias(to=Lower("recipient_email")).filter(
        to=notice.recipient_email.lower(), authority=notice.authority, sent_at__gt=now - DAY
    )
    return sent.exclude(template__in=UNCOUNTED)[: settings.NOTICE_LIMIT].count()
