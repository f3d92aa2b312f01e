"""A work being done, by the worker: stopped by its agent, by the worker that ends or by a death, it goes on later."""

import uuid
from collections.abc import Callable

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from etoile.gru.batches import places, selection, services
from etoile.gru.batches.acts import Act, act_of
from etoile.gru.batches.errors import BatchError
from etoile.gru.batches.exports import writing
from etoile.gru.batches.models import LIVE, Batch, Item, State
from etoile.gru.batches.services import KEPT
from etoile.gru.cases.errors import CaseError

log = structlog.get_logger("etoile.batches")
Stopping = Callable[[], bool]


def export(batch_id: uuid.UUID, stopping: Stopping) -> bool:
    """Write the file of an export; False when the worker stops before its end: to be taken up by another run.

    A work stopped by its agent leaves no file."""
    batch = _taken(batch_id)
    if batch is None:
        return True
    asked = selection.of(batch.account, batch.query)
    with translation.override(batch.language):
        batch.total = asked.cases(batch.account, "cases.export").order_by().count()
        batch.save(update_fields=["total"])
        try:
            services.nothing_written(batch)
            for cases in writing.write(batch, asked):
                if stopping():
                    return False
                batch.done += len(cases)
                services.note_written(batch, cases)
                if not _going_on(batch, done=batch.done):
                    places.forget(batch.id)
                    return True
        except BatchError as refusal:
            places.forget(batch.id)
            _end(batch, State.FAILED, problem=str(refusal)[:300])
            return True
    _keep(batch)
    return True


def act(batch_id: uuid.UUID, stopping: Stopping) -> bool:
    """Do the act on each case that waits for it; False when the worker stops before the end.

    One transaction a case, its item marked in it: what was done is never done again."""
    batch = _taken(batch_id)
    if batch is None:
        return True
    doing = act_of(batch)
    waiting = batch.items.filter(state=Item.State.WAITING).order_by("number")
    with translation.override(batch.language):
        for pk in list(waiting.values_list("pk", flat=True)):
            if stopping():
                return False
            if not _one(batch, pk, doing):
                return True
    _end(batch, State.DONE)
    return True


def _one(batch: Batch, pk: int, doing: Act) -> bool:
    """False once the agent stopped the work."""
    with transaction.atomic():
        if not _going_on(batch):
            return False
        item = Item.objects.select_for_update().get(pk=pk)
        if item.state != Item.State.WAITING:
            return True
        try:
            with transaction.atomic():
                doing(item.case_id)
            item.state = Item.State.DONE
        except CaseError as refusal:
            item.state, item.words = Item.State.REFUSED, str(refusal)[:500]
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            # One case that nobody foresaw must not keep the others from being treated.
            log.exception("batch_item_failed", batch=str(batch.id), case=str(item.case_id))
            item.state = Item.State.REFUSED
            item.words = _("Une erreur de notre côté. Ouvrez cette demande et faites-le depuis sa page.")
        item.save(update_fields=["state", "words"])
    return True


def _taken(batch_id: uuid.UUID) -> Batch | None:
    """The work, under way; None when it has ended, or was stopped, before its turn came."""
    taken = Batch.objects.filter(pk=batch_id, state__in=LIVE)
    if not taken.update(state=State.RUNNING, touched_at=timezone.now()):
        return None
    batch = Batch.objects.select_related("authority", "account__authority").get(pk=batch_id)
    batch.account.through = batch.through
    return batch


def _going_on(batch: Batch, **progress: int) -> bool:
    """Say that the work goes on; False when its agent stopped it meanwhile."""
    running = Batch.objects.filter(pk=batch.pk, state=State.RUNNING)
    return bool(running.update(touched_at=timezone.now(), **progress))


def _keep(batch: Batch) -> None:
    size, sha256 = writing.digest(places.place_of(batch.id))
    with transaction.atomic():
        if not _end(batch, State.DONE, size=size, sha256=sha256, expires_at=timezone.now() + KEPT):
            # Stopped while the file was being finished.
            places.forget(batch.id)
            return
        services.note_export(batch, "export.written", cases=batch.done, sha256=sha256)
    log.info("export_written", batch=str(batch.id), account=batch.account_id, size=size, sha256=sha256)


def _end(batch: Batch, state: State, **fields: object) -> bool:
    """False when it has ended already: its agent stopped it."""
    now, running = timezone.now(), Batch.objects.filter(pk=batch.pk, state=State.RUNNING)
    return bool(running.update(state=state, touched_at=now, ended_at=now, **fields))
