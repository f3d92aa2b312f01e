"""What a returned e-mail changes: its notice, its address, and a task for the team until somebody deals with it."""

import uuid
from collections.abc import Callable

import structlog
from django.db import transaction
from django.utils import timezone

from etoile.gru.access.models import Account
from etoile.gru.notices.bounces.dsn import Returned
from etoile.gru.notices.models import ENDED, Address, Bounce, Notice, State

log = structlog.get_logger(__name__)

# Of a notice that did not leave: nobody who may read it can be written to. Else as RFC 3463 writes it.
NOBODY = "nobody"

Teller = Callable[[Bounce], None]
_tellers: list[Teller] = []


def register(teller: Teller) -> None:
    """Give what tells the team of a case; called in the transaction of the bounce. The last one registered answers."""
    _tellers[:] = [teller]


def record(returned: Returned) -> int:
    """Note that a notice came back; how many requests it is about. Said again, it changes nothing: the mailbox may be
    read twice.

    A digest that comes back is each of the notices it held. All of it in one transaction, or nothing.
    """
    with transaction.atomic():
        notice = _locked(returned.notice)
        if notice is None or notice.state not in {State.SENT, State.SENDING, State.CREATED}:
            return 0
        if returned.status.startswith("5"):
            _mark(notice)
        return _not_received([notice, *Notice.objects.filter(digest=notice)], returned.status)


def to_nobody(identifier: uuid.UUID) -> None:
    """A notice that nobody may be sent any more is a task, as one that came back. Said again, it changes nothing."""
    with transaction.atomic():
        notice = _locked(identifier)
        if notice is not None and notice.state not in ENDED:
            _not_received([notice], NOBODY)


def open_of(case_id: uuid.UUID) -> list[Bounce]:
    """What nobody has dealt with yet, the oldest first. One statement."""
    return list(Bounce.objects.select_related("notice").filter(case_id=case_id, handled_at=None).order_by("pk"))


def handle(case_id: uuid.UUID, account: Account) -> list[Notice]:
    """Somebody deals with what came back about this case; the notices concerned. In the transaction of the caller."""
    waiting = list(
        Bounce.objects.select_for_update(of=("self",))
        .select_related("notice__authority")
        .filter(case_id=case_id, handled_at=None)
        .order_by("pk")
    )
    Bounce.objects.filter(pk__in=[each.pk for each in waiting]).update(handled_at=timezone.now(), handled_by=account)
    return [each.notice for each in waiting]


def _not_received(told: list[Notice], status: str) -> int:
    """How many requests they are about."""
    Notice.objects.filter(pk__in=[each.pk for each in told]).update(state=State.BOUNCED)
    made = [
        Bounce(notice=each, case_id=each.case_id, status=status, at=timezone.now())
        for each in told
        if each.case_id is not None
    ]
    for bounce in Bounce.objects.bulk_create(made):
        for teller in _tellers:
            teller(bounce)
    log.warning("notice_bounced", notice=str(told[0].pk), template=told[0].template, status=status)
    return len(made)


def _locked(identifier: uuid.UUID) -> Notice | None:
    return Notice.objects.select_for_update(of=("self",)).select_related("authority").filter(pk=identifier).first()


def _mark(notice: Notice) -> None:
    failed = Address(authority=notice.authority, email=notice.recipient_email.lower(), failed_at=timezone.now())
    Address.objects.bulk_create(
        [failed], update_conflicts=True, unique_fields=["authority", "email"], update_fields=["failed_at"]
    )
