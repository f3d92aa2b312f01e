"""What the worker does for the notices: send one, and take up again those that a crash or a long outage left."""

import uuid
from datetime import timedelta

import structlog
from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from etoile.gru.notices import digests, jobs, mail, services, wishes
from etoile.gru.notices.bounces import mailbox
from etoile.gru.notices.models import Notice, State

log = structlog.get_logger(__name__)

# A link opens its draft for seven days; what is kept longer only says that it was sent.
LINKS_KEPT = timedelta(days=30)


class Patience(BaseRetryStrategy):
    """The visible list of delays; after the last one, the notice is `failed` and the sweep tries it each day."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if job.attempts >= len(services.DELAYS):
            return None
        return RetryDecision(retry_in={"seconds": services.DELAYS[job.attempts]})


@app.task(name=jobs.SEND, queue=jobs.QUEUE, retry=Patience(), pass_context=True)
def send(context, *, notice_id: str) -> None:  # type: ignore[no-untyped-def]
    try:
        services.send(uuid.UUID(notice_id))
    except mail.Unavailable:
        if context.job.attempts >= len(services.DELAYS):
            services.give_up(uuid.UUID(notice_id))
        raise


@app.periodic(cron="17 4 * * *")
@app.task(name="notices.sweep", queue=jobs.QUEUE, queueing_lock="notices.sweep", pass_context=False)
def sweep(timestamp: int) -> None:
    """Queue again what no job carries any more: left `sending` by a killed worker, or failed since a day. Old links to
    drafts, then addresses that nothing is about any more, are forgotten."""
    now = timezone.now()
    stuck = Q(state__in=[State.CREATED, State.SENDING], created_at__lt=now - timedelta(days=2))
    failed = Q(state=State.FAILED, created_at__lt=now - timedelta(days=1))
    for identifier in Notice.objects.filter(stuck | failed).values_list("pk", flat=True)[:500]:
        jobs.defer(identifier)
    services.forget_links(now - LINKS_KEPT)
    wishes.forget_unused()


@app.periodic(cron="5 * * * *")
@app.task(name="notices.send_digests", queue=jobs.QUEUE, queueing_lock="notices.send_digests", pass_context=False)
def send_digests(timestamp: int) -> None:
    """What the limit of a day kept back. Every hour: eight o'clock is not the same everywhere."""
    digests.send_due(timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="notices.read_returns", queue=jobs.QUEUE, queueing_lock="notices.read_returns", pass_context=False)
def read_returns(timestamp: int) -> None:
    """E-mails that came back, when a mailbox is configured; one that does not answer is read at the next turn."""
    if not settings.BOUNCES_URL:
        return
    try:
        mailbox.read_returns(settings.BOUNCES_URL)
    except mailbox.MailboxUnavailable as error:
        log.error("bounces_unread", reason=str(error))
