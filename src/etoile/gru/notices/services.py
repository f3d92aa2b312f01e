"""Telling a person something: written with the caller's transaction, mailed after it by the worker.

`send_later` costs two statements (the notice, the job) and does no network. `send` is the job: it may be run again at
any time, and a mail server that is down only delays it.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.conf import settings
from django.utils import timezone

from etoile.gru.access.models import Authority
from etoile.gru.notices import handing, jobs, mail, policy, posting, wording
from etoile.gru.notices.models import ENDED, Notice, State
from etoile.gru.outbox.identifiers import uuid7

log = structlog.get_logger(__name__)

# About no case, and of no use once read.
PASSING = (
    "draft_link",
    "account_code",
    "passphrase_changed",
    "account_closed",
    "account_email",
    "account_key_added",
    "account_key_removed",
    "account_linked",
)

# Seconds before each new try; after the last one the notice is `failed`, kept, alarmed, and tried once a day.
DELAYS = (10, 60, 300, 900, 3600, 10_800, 21_600, 43_200)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told: without an e-mail address the notice is shown on line, and printed if it is about a case."""

    name: str
    email: str
    language: str = "fr"


def send_later(
    authority: Authority,
    to: Recipient,
    template: str,
    context: Mapping[str, Any],
    *,
    case_id: uuid.UUID | None = None,
) -> Notice:
    """Record a notice and its job in the current transaction. `context` holds plain JSON values, and no content.

    `template` is one of `wording.BUILDERS`. Raises KeyError for another: a fault of the caller, nothing is written.
    """
    wording.BUILDERS[template]
    identifier = uuid7()
    notice = Notice.objects.create(
        id=identifier,
        authority=authority,
        case_id=case_id,
        template=template,
        context=dict(context),
        language=to.language,
        recipient_name=to.name,
        recipient_email=to.email,
        message_id=f"<{identifier}@{mail.domain(settings.MAIL_FROM)}>",
        state=State.CREATED if to.email else State.PORTAL_ONLY,
        created_at=timezone.now(),
    )
    if to.email:
        jobs.defer(notice.id)
    elif case_id is not None:
        posting.post(notice)
    return notice


def send(notice_id: uuid.UUID) -> None:
    """Send one notice now, to whoever reads its request now (`handing`), unless they chose otherwise or had enough
    within a day (`policy`). Harmless when it left already; `mail.Unavailable` when it must be tried again.

    The attempt is written before the call: a crash in between leaves `sending`, and the same Message-ID goes again.
    """
    notice = Notice.objects.select_related("authority").filter(pk=notice_id).first()
    if notice is None or notice.state in ENDED or not handing.may_leave(notice):
        return
    refused = policy.refused_as(notice, timezone.now())
    if refused is not None:
        Notice.objects.filter(pk=notice.pk).update(state=refused)
        return
    Notice.objects.filter(pk=notice.pk).update(state=State.SENDING, attempts=notice.attempts + 1)
    try:
        mail.deliver(mail.compose(notice))
    except mail.Unavailable as error:
        _give_way(notice, str(error), State.CREATED)
        raise
    except wording.MissingMention as error:
        # A receipt without its mentions would be worth nothing (CRPA L112-12): better a visible failure than that.
        _give_way(notice, str(error), State.FAILED)
        log.error("notice_incomplete", notice=str(notice.pk), template=notice.template)
        return
    Notice.objects.filter(pk=notice.pk).update(state=State.SENT, sent_at=timezone.now(), last_error="")
    log.info("notice_sent", notice=str(notice.pk), template=notice.template)


def give_up(notice_id: uuid.UUID) -> None:
    """After the last delay: the notice stays, `failed`, for a human or for the daily retry."""
    Notice.objects.filter(pk=notice_id).exclude(state__in=ENDED).update(state=State.FAILED)
    log.error("notice_failed", notice=str(notice_id))


def forget_case(case_id: uuid.UUID) -> None:
    """Remove every notice about a case, and the digests that told nothing else."""
    about = Notice.objects.filter(case_id=case_id)
    digests = list(about.exclude(digest=None).values_list("digest", flat=True).distinct())
    about.delete()
    Notice.objects.filter(pk__in=digests, grouped=None).delete()


def forget_links(before: datetime) -> int:
    """Remove what was sent before this moment about no case, such as links to drafts: it opens nothing any more."""
    return Notice.objects.filter(template__in=PASSING, created_at__lt=before).delete()[0]


def _give_way(notice: Notice, error: str, state: State) -> None:
    Notice.objects.filter(pk=notice.pk).update(state=state, last_error=error[:300])
