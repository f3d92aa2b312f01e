"""Reading the works: an agent sees their own; whoever keeps the register sees the exports of the authority."""

import uuid
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from etoile.gru.access.models import Account
from etoile.gru.batches.models import Batch, Item, Kind

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Progress:
    """How many cases are `done`, `refused`, and in all."""

    done: int
    refused: int
    total: int

    @property
    def treated(self) -> int:
        return self.done + self.refused


def of(account: Account) -> QuerySet[Batch]:
    return Batch.objects.filter(account=account).order_by("-created_at")


def one(account: Account, pk: uuid.UUID) -> Batch | None:
    return of(account).filter(pk=pk).select_related("account", "authority").first()


def progress(batch: Batch) -> Progress:
    """One statement for an act, none for an export."""
    if batch.kind == Kind.EXPORT:
        return Progress(batch.done, 0, batch.total)
    counted = dict(batch.items.order_by().values("state").annotate(n=Count("pk")).values_list("state", "n"))
    return Progress(counted.get(Item.State.DONE, 0), counted.get(Item.State.REFUSED, 0), sum(counted.values()))


def refused(batch: Batch) -> QuerySet[Item]:
    """The cases on which the act was refused, with the words of why."""
    return batch.items.filter(state=Item.State.REFUSED).order_by("number")
