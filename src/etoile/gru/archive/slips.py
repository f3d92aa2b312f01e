"""Lists of cases to eliminate, or handed over to the departmental archives: proposed, agreed to or refused.

Nothing here removes anything: `removing` does, of what an agreed list names, and of nothing else.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account, Authority
from etoile.gru.archive import proofs, queries
from etoile.gru.archive.errors import ArchiveRefused
from etoile.gru.archive.models import Slip, SlipLine
from etoile.gru.archive.obstacles import free
from etoile.gru.archive.rules import ARCHIVE, DESTROY, SAMPLE, Rule, rule_of
from etoile.gru.cases.lists.scope import scope_of
from etoile.gru.cases.models import Case
from etoile.gru.cases.typed import readable
from etoile.gru.documents.models import Document
from etoile.gru.forms.models import Procedure

# What one list holds: what a person can read before they sign it.
LONGEST = 500
KINDS = {
    DESTROY: (Slip.Kind.ELIMINATION,),
    ARCHIVE: (Slip.Kind.TRANSFER,),
    SAMPLE: (Slip.Kind.ELIMINATION, Slip.Kind.TRANSFER),
}


def propose(procedure: Procedure, kind: str, account: Account, *, now: datetime | None = None) -> Slip:
    """List the archived cases of a procedure whose time is over, the oldest first, `LONGEST` at most.

    Raises `ArchiveRefused` when the procedure does not end that way, or when nothing is to be listed.
    """
    now = now or timezone.now()
    rule = rule_of(procedure)
    if rule is None or kind not in KINDS.get(rule.fate, ()):
        raise ArchiveRefused(_("Le registre de cette démarche ne prévoit pas ce sort pour ses dossiers."))
    mine = queries.ended(scope_of(account, "archives.manage"), rule)
    with transaction.atomic():
        # One list is numbered at a time in an authority.
        authority = Authority.objects.select_for_update().get(pk=procedure.authority_id)
        found = list(free(queries.to_list(mine, rule.over_before(now))).order_by("decided_at", "pk")[:LONGEST])
        if not found:
            raise ArchiveRefused(_("Aucun dossier de cette démarche n’est arrivé au bout de sa durée."))
        slip = Slip.objects.create(
            authority=authority,
            procedure=procedure,
            number=_next_number(authority, now.astimezone(rule.zone).year),
            kind=kind,
            rule=_written(rule),
            proposed_by=account,
            proposed_at=now,
        )
        SlipLine.objects.bulk_create(_lines(slip, found, rule.zone))
    return slip


def set_aside(slip_id: uuid.UUID, account: Account, lines: Collection[int], why: str) -> int:
    """Take cases off a list that is not agreed to yet; how many were. They may be on another list."""
    with transaction.atomic():
        slip = _locked(slip_id, account, Slip.State.PROPOSED)
        why = readable(why)[:300] or _("Retirée du bordereau")
        return slip.lines.filter(pk__in=list(lines), state=SlipLine.State.WAITING).update(
            state=SlipLine.State.KEPT, why=why
        )


def agree(slip_id: uuid.UUID, account: Account, *, agreement: str, by: str, on: date) -> Slip:
    """Record the visa of the departmental archives (or their acknowledgement): the worker may then remove the cases.
    Raises `ArchiveRefused`."""
    agreement, by = readable(agreement)[:100], readable(by)[:200]
    if not agreement or not by:
        raise ArchiveRefused(_("Écrivez le numéro du visa et le nom de la personne qui l’a signé."))
    with transaction.atomic():
        slip = _locked(slip_id, account, Slip.State.PROPOSED)
        if on > slip.authority.today():
            raise ArchiveRefused(_("La date du visa n’est pas encore venue."))
        if not slip.lines.filter(state=SlipLine.State.WAITING).exists():
            raise ArchiveRefused(_("Ce bordereau est vide : tous ses dossiers en ont été retirés."))
        slip.state, slip.agreement, slip.agreed_by, slip.agreed_on = Slip.State.AGREED, agreement, by, on
        slip.recorded_by, slip.recorded_at = account, timezone.now()
        slip.save()
    return slip


def refuse(slip_id: uuid.UUID, account: Account, why: str) -> Slip:
    """The archives refuse: every case of the list goes back to where it was."""
    why = readable(why)[:500]
    if not why:
        raise ArchiveRefused(_("Écrivez la raison du refus."))
    with transaction.atomic():
        slip = _locked(slip_id, account, Slip.State.PROPOSED)
        slip.lines.filter(state=SlipLine.State.WAITING).update(state=SlipLine.State.KEPT, why=_("Bordereau refusé"))
        slip.state, slip.why = Slip.State.REFUSED, why
        slip.recorded_by, slip.recorded_at = account, timezone.now()
        slip.save()
    return slip


def _locked(slip_id: uuid.UUID, account: Account, state: str) -> Slip:
    slip = (
        Slip.objects.select_for_update(of=("self",))
        .select_related("authority")
        .filter(pk=slip_id, authority=account.authority_id)
        .first()
    )
    if slip is None or slip.state != state:
        raise ArchiveRefused(_("Ce bordereau a changé depuis que vous l’avez ouvert. Relisez-le."))
    return slip


def _next_number(authority: Authority, year: int) -> str:
    taken = Slip.objects.filter(authority=authority, number__startswith=f"{year}-").count()
    return f"{year}-{taken + 1:03d}"


def _written(rule: Rule) -> dict[str, Any]:
    return {
        "title": rule.title.raw(),
        "service": rule.service,
        "active": rule.active,
        "intermediate": rule.intermediate,
        "final_fate": rule.fate,
        "basis": rule.basis.raw(),
    }


def _lines(slip: Slip, cases: list[Case], zone: ZoneInfo) -> list[SlipLine]:
    files: dict[uuid.UUID, list[dict[str, Any]]] = defaultdict(list)
    held = Document.objects.filter(holder__in=[case.pk for case in cases]).order_by("sha256")
    for document in held:
        files[document.holder].append(proofs.file_of(document))
    return [
        SlipLine(
            slip=slip,
            listed_case=case.pk,
            reference=case.reference,
            submitted_on=case.submitted_at.astimezone(zone).date(),
            decided_on=case.decided_at.astimezone(zone).date(),
            outcome=case.state,
            documents=files[case.pk],
            size=sum(each["size"] for each in files[case.pk]),
        )
        for case in cases
        if case.decided_at is not None
    ]
