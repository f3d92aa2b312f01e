"""As a notice leaves: whether it is still for whom it was written to (`readers`). What waited, for a mail server or for
the morning, may have outlived the right of its addressee to read the request."""

from django.db import transaction

from etoile.gru.notices import readers
from etoile.gru.notices.bounces import services as bounces
from etoile.gru.notices.models import Notice, State

DIGEST = "digest"


def may_leave(notice: Notice) -> bool:
    """Addressed anew when it must be. False: it does not leave, and somebody is told or it will be written again."""
    if notice.template == DIGEST:
        return not _taken_apart(notice)
    reader = readers.of_case(notice.case_id) if notice.case_id is not None else None
    if reader is None:
        return True
    if not reader.email:
        bounces.to_nobody(notice.pk)
        return False
    notice.recipient_name, notice.recipient_email = reader.name, reader.email
    notice.save(update_fields=["recipient_name", "recipient_email"])
    return True


def _taken_apart(digest: Notice) -> bool:
    """One that holds a request its addressee reads no more is written again, without it, by the next turn."""
    held = Notice.objects.filter(digest=digest)
    if not readers.gone_from(held):
        return False
    with transaction.atomic():
        held.update(digest=None)
        Notice.objects.filter(pk=digest.pk).update(state=State.WITHHELD)
    return True
