"""Removing the cases of the agreed lists, one transaction a case, a slice a run: all of a case, or nothing."""

from datetime import datetime

import structlog
from django.db import connection, transaction
from django.utils import timezone

from etoile.gru.archive import proofs
from etoile.gru.archive.erasure import erase
from etoile.gru.archive.models import Slip, SlipLine
from etoile.gru.archive.obstacles import obstacles_of
from etoile.gru.cases.models import Case
from etoile.gru.documents.models import Document

log = structlog.get_logger(__name__)

SLICE = 500


def run(now: datetime | None = None, *, most: int = SLICE) -> int:
    """Remove up to `most` cases; how many were. Killed anywhere, what is not removed is whole, and the next run goes
    on. A list whose last case is dealt with is sealed, and done."""
    now = now or timezone.now()
    removed = 0
    for slip in Slip.objects.filter(state=Slip.State.AGREED).order_by("recorded_at"):
        waiting = slip.lines.filter(state=SlipLine.State.WAITING).order_by("id").values_list("pk", flat=True)
        for pk in list(waiting[: most - removed]):
            removed += _remove(pk, now)
        _finish(slip.pk, now)
        if removed >= most:
            break
    if removed:
        log.info("cases_removed", count=removed)
    return removed


def _remove(line_id: int, now: datetime) -> bool:
    with transaction.atomic():
        line = (
            SlipLine.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(pk=line_id, state=SlipLine.State.WAITING)
            .first()
        )
        if line is None:
            return False
        case = Case.objects.select_for_update(of=("self",)).filter(pk=line.listed_case).first()
        why = obstacles_of(case) if case is not None else ["introuvable"]
        if case is None or why:
            line.state, line.why = SlipLine.State.KEPT, ", ".join(why)[:300]
            line.save(update_fields=["state", "why"])
            log.warning("case_kept", reference=line.reference, why=line.why)
            return False
        line.state, line.removed_at, line.digest = SlipLine.State.REMOVED, now, proofs.digest_of(case)
        line.documents = [proofs.file_of(each) for each in Document.objects.filter(holder=case.pk).order_by("sha256")]
        line.removed_in = _transaction()
        line.save(update_fields=["state", "removed_at", "digest", "documents", "removed_in"])
        erase(case)
        return True


def _transaction() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        return int(cursor.fetchone()[0])


def _finish(slip_id: object, now: datetime) -> None:
    with transaction.atomic():
        slip = Slip.objects.select_for_update(of=("self",)).select_related("authority").get(pk=slip_id)
        left = slip.lines.filter(state=SlipLine.State.WAITING).exists()
        if left or slip.state != Slip.State.AGREED:
            return
        slip.state, slip.done_at = Slip.State.DONE, now
        slip.proof = proofs.seal(slip)
        slip.save(update_fields=["state", "done_at", "proof"])
        log.info("list_done", number=slip.number)
