"""An archivist; an archived case of long ago, opened for a reason, and one on a list to be signed."""

from datetime import timedelta

from django.utils import timezone

from etoile.gru.access.models import Account, Membership, Role
from etoile.gru.archive import reading, slips
from etoile.gru.archive.models import Standing
from etoile.gru.cases.models import Case, Message
from etoile.gru.documents.models import Document
from etoile.gru.notices.models import Notice
from etoile.gru.outbox.models import OutgoingEvent


def build(authority, opened: Case, listed: Case) -> tuple[Account, dict[str, str]]:
    keeper = Account.objects.create(
        authority=authority, email="archives@valmont-sur-loire.example", given_name="Maud", family_name="Le Goff"
    )
    Membership.objects.create(account=keeper, role=Role.ARCHIVIST)
    for case in (opened, listed):
        long_ago = timezone.now() - timedelta(days=4000)
        Case.objects.filter(pk=case.pk).update(state="closed", decided_at=long_ago)
        Standing.objects.create(case=case, told_at=long_ago, archived_at=long_ago)
    OutgoingEvent.objects.filter(subject=listed.subject).update(state="sent")
    Notice.objects.filter(case_id=listed.pk).update(state="sent")
    Message.objects.filter(case=listed).update(read_at=timezone.now())
    procedure = listed.procedure_version.procedure
    slip = slips.propose(procedure, slips.KINDS[procedure.current.definition.register.retention.final_fate][0], keeper)
    reading.open_for(opened, keeper, "Demande de la personne")
    document = Document.objects.filter(holder=opened.pk).values_list("pk", flat=True).first()
    return keeper, {
        "archived_document": str(document),
        "archived": str(opened.pk),
        "listed": str(listed.pk),
        "slip": str(slip.pk),
    }
