"""Files that a procedure keeps for a time of their own (`removed_after`): an identity document is looked at, then goes.

The case stays, with the SHA-256 of what went in its history. Nothing goes while something keeps the case.
"""

import uuid
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog
from django.db import transaction
from django.utils import timezone

from etoile.gru.access.models import Authority
from etoile.gru.archive.obstacles import free, obstacles_of
from etoile.gru.cases import actors
from etoile.gru.cases.models import Case
from etoile.gru.cases.moves import locked, write
from etoile.gru.documents.models import Document
from etoile.gru.documents.services import remove
from etoile.gru.forms.definition import Field
from etoile.gru.forms.models import Procedure, ProcedureVersion

log = structlog.get_logger(__name__)

# Cases a run takes, each in its transaction.
BATCH = 500


def run(now: datetime | None = None) -> int:
    """Remove what is due in every authority; how many files."""
    now = now or timezone.now()
    gone = 0
    for authority in Authority.objects.order_by("pk"):
        for procedure in Procedure.objects.filter(authority=authority, current__isnull=False).select_related("current"):
            for field, days in _timed(procedure):
                gone += _remove(procedure, field, _before(now, days, authority.zone))
    if gone:
        log.info("attachments_removed", count=gone)
    return gone


def _timed(procedure: Procedure) -> Iterator[tuple[Field, int]]:
    """The fields of the version in service: what it says binds the requests sent under older ones too."""
    current = procedure.current
    for field in current.definition.fields if current is not None else ():
        days = field.settings.get("removed_after")
        if days:
            yield field, int(days)


def _before(now: datetime, days: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(now.astimezone(zone).date() - timedelta(days=days), time(), zone)


def _remove(procedure: Procedure, field: Field, before: datetime) -> int:
    versions = ProcedureVersion.objects.filter(procedure=procedure).values("pk")
    ended = free(Case.objects.filter(procedure_version__in=versions, decided_at__lt=before))
    due = Document.objects.filter(field=field.id, holder__in=ended.values("pk"))
    gone = 0
    for holder in list(due.order_by().values_list("holder", flat=True).distinct()[:BATCH]):
        gone += _remove_of(holder, field)
    return gone


def _remove_of(holder: uuid.UUID, field: Field) -> int:
    with transaction.atomic():
        case = locked(holder)
        found = list(Document.objects.filter(holder=holder, field=field.id))
        if not found or obstacles_of(case):
            return 0
        detail = {"label": str(field.label), "files": [each.sha256 for each in found]}
        write(case, "attachments_removed", actors.system(), detail=detail)
        for each in found:
            remove(each)
    return len(found)
