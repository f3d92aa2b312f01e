"""Notes between agents. They change nothing of the case: nobody's reading of it becomes stale."""

import uuid

from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account
from etoile.gru.cases.errors import CaseError, Incomplete
from etoile.gru.cases.models import Case
from etoile.gru.cases.typed import readable
from etoile.gru.desk.models import Note

LONGEST = 5000


def write(case: Case, account: Account, body: str) -> Note:
    """Raises `Incomplete`. One statement."""
    body = readable(body)
    if not body:
        raise Incomplete(_("Écrivez votre note avant de l’ajouter."))
    if len(body) > LONGEST:
        raise Incomplete(_("La note est trop longue : %(most)d caractères au plus.") % {"most": LONGEST})
    return Note.objects.create(
        case=case,
        account=account,
        author_name=str(account)[:200],
        body=body,
        written_at=timezone.now(),
    )


def withdraw(case: Case, account: Account, note_id: uuid.UUID) -> None:
    """Its author takes a note back: its words go, its place stays. Raises `CaseError` for somebody else's."""
    mine = Note.objects.filter(pk=note_id, case=case, account=account, withdrawn_at=None)
    if not mine.update(body="", withdrawn_at=timezone.now()):
        raise CaseError(_("Vous ne pouvez retirer que vos propres notes."))


def of_case(case: Case) -> list[Note]:
    """Newest first. One statement."""
    return list(Note.objects.filter(case=case).order_by("-written_at", "-pk"))
