"""Opening an archived case: for a reason, that the audit log keeps, and for a while."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account
from etoile.gru.archive.errors import ArchiveRefused
from etoile.gru.audit import services as audit
from etoile.gru.audit.models import Entry
from etoile.gru.cases.models import Case
from etoile.gru.cases.typed import readable

OPENED = "archive.read"
# How long one reason opens a case: the time of a reading, not of a day.
OPEN_FOR = timedelta(minutes=30)


def open_for(case: Case, account: Account, reason: str) -> None:
    """Raises `ArchiveRefused` without a reason."""
    reason = readable(reason)[:300]
    if not reason:
        raise ArchiveRefused(_("Dites pourquoi vous ouvrez ce dossier."))
    audit.note(
        OPENED,
        authority=case.authority_id,
        by=account,
        subject=case.reference,
        case_id=case.pk,
        detail={"reason": reason},
    )


def is_open_to(case: Case, account: Account) -> bool:
    """A statement."""
    since = timezone.now() - OPEN_FOR
    return Entry.objects.filter(case_id=case.pk, account_id=account.pk, action=OPENED, at__gt=since).exists()


def readings_of(case: Case) -> list[Entry]:
    """The last fifty that the log still has, the newest first."""
    return list(Entry.objects.filter(case_id=case.pk, action=OPENED).order_by("-id")[:50])
