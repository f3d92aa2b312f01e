"""The verbs of an agent on a work: ask it, stop it, take it up again; and what time removes. The only writer of
`Batch`, `Item` and `Exported`, with `running`."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account
from etoile.gru.access.services import number_of
from etoile.gru.audit.services import note
from etoile.gru.batches import jobs, places
from etoile.gru.batches.errors import BatchError
from etoile.gru.batches.models import LIVE, Batch, Exported, Format, Item, Kind, State

# The most cases of one act.
MOST = 500
LONGEST = 2000
# How long the file of an export is kept; and what a work was about, message included.
KEPT = timedelta(hours=32)
REMEMBERED = timedelta(days=30)
# A work that no job carries any more says nothing for that long; after a day, it is said to have failed.
SILENT = timedelta(hours=1)
STUCK = timedelta(hours=24)
# Of one agent, at once.
WAITING = 5


def ask_export(account: Account, query: str, *, form: Format) -> Batch:
    """Queue the export of a list. `query`: the list as the address of its page says it. Raises `BatchError`."""
    if len(query) > LONGEST:
        raise BatchError(_("Cette liste a trop de critères pour être exportée. Enlevez-en quelques-uns."))
    with transaction.atomic():
        batch = _new(account, Kind.EXPORT, {}, query)
        batch.format = form
        batch.save(update_fields=["format"])
        jobs.defer(batch.id, export=True)
        note_export(batch, "export.asked")
    return batch


def ask(account: Account, kind: Kind, cases: Sequence[uuid.UUID], asked: dict[str, Any], *, query: str = "") -> Batch:
    """Queue an act on these cases; each is judged when its turn comes. Raises `BatchError`: none, or more than `MOST`.

    `asked`: `{"to": pk}` to assign, `{"label": pk}` to label, `{"body": str}` to write, `{"reasons": str}` to close.
    """
    if not cases:
        raise BatchError(_("Aucune demande n’est choisie : cochez-en dans la liste."))
    if len(cases) > MOST:
        raise BatchError(_("Choisissez %(most)d demandes au plus : ajoutez un critère à la liste.") % {"most": MOST})
    with transaction.atomic():
        batch = _new(account, kind, asked, query)
        Item.objects.bulk_create(
            Item(batch=batch, number=number, case_id=case_id) for number, case_id in enumerate(cases, start=1)
        )
        jobs.defer(batch.id, export=False)
    return batch


def stop(batch: Batch) -> bool:
    """What is done stays done; the rest waits. False when it has ended already."""
    now = timezone.now()
    live = Batch.objects.filter(pk=batch.pk, state__in=LIVE)
    return bool(live.update(state=State.STOPPED, touched_at=now, ended_at=now))


def resume(batch: Batch) -> bool:
    """Go on with what a stop, or a failure, left. False when there is nothing to go on with."""
    with transaction.atomic():
        left = Batch.objects.filter(pk=batch.pk, state__in=[State.STOPPED, State.FAILED], forgotten_at=None)
        if not left.update(state=State.WAITING, touched_at=timezone.now(), ended_at=None, problem=""):
            return False
        jobs.defer(batch.id, export=batch.kind == Kind.EXPORT)
    return True


def fail(batch_id: uuid.UUID) -> None:
    """The job gave up: its agent may take the work up again."""
    places.forget(batch_id)
    now = timezone.now()
    Batch.objects.filter(pk=batch_id, state__in=LIVE).update(state=State.FAILED, touched_at=now, ended_at=now)


def fetched(batch: Batch) -> None:
    """The file of an export was downloaded."""
    with transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(fetched=F("fetched") + 1, fetched_at=timezone.now())
        note_export(batch, "export.fetched", sha256=batch.sha256)


def nothing_written(batch: Batch) -> None:
    """Its file begins, or begins again."""
    Exported.objects.filter(batch=batch).delete()
    batch.done = 0


def note_written(batch: Batch, cases: list[uuid.UUID]) -> None:
    """These are in the file of the export: their persons are told, once it is finished."""
    Exported.objects.create(batch=batch, cases=cases)


def note_export(batch: Batch, action: str, **detail: Any) -> None:
    """One line of the audit log, in the caller's transaction: the list as its address says it, never what is in it."""
    told = {"batch": str(batch.pk), "list": batch.query, **detail}
    note(action, authority=number_of(batch.account), by=batch.account, subject=batch.format, detail=told)


def take_up() -> None:
    """Queue again what no job carries any more, and give up what has not moved for a day."""
    now = timezone.now()
    Batch.objects.filter(state__in=LIVE, touched_at__lt=now - STUCK).update(state=State.FAILED, ended_at=now)
    for pk, kind in Batch.objects.filter(state__in=LIVE, touched_at__lt=now - SILENT).values_list("pk", "kind"):
        jobs.defer(pk, export=kind == Kind.EXPORT)


def forget() -> None:
    """Remove the files that have had their time, and what a kill left of those that have no file to give; then what
    the works were about. Who asked what stays."""
    now = timezone.now()
    broken = Batch.objects.filter(kind=Kind.EXPORT, state__in=[State.STOPPED, State.FAILED], forgotten_at=None)
    for pk in broken.values_list("pk", flat=True):
        places.forget(pk)
    for pk in Batch.objects.filter(expires_at__lte=now, removed_at=None).values_list("pk", flat=True)[:1000]:
        places.forget(pk)
        Batch.objects.filter(pk=pk).update(removed_at=now)
    old = Batch.objects.filter(created_at__lte=now - REMEMBERED, forgotten_at=None).exclude(state__in=LIVE)
    for pk in old.values_list("pk", flat=True)[:1000]:
        with transaction.atomic():
            Item.objects.filter(batch=pk).delete()
            Batch.objects.filter(pk=pk).update(asked={}, forgotten_at=now)
    Exported.objects.filter(batch__created_at__lte=now - settings.AUDIT_KEPT).delete()


def _new(account: Account, kind: Kind, asked: dict[str, Any], query: str) -> Batch:
    Account.objects.select_for_update().only("pk").get(pk=account.pk)
    if Batch.objects.filter(account=account, state__in=LIVE).count() >= WAITING:
        raise BatchError(_("Vous avez déjà %(n)d actions en cours : attendez que l’une finisse.") % {"n": WAITING})
    return Batch.objects.create(
        authority=account.authority,
        account=account,
        through=account.through,
        kind=kind,
        asked=asked,
        query=query[:LONGEST],
        language=translation.get_language() or "fr",
    )
