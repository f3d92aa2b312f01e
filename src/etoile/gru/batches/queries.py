"""Reading the works: an agent sees their own; whoever keeps the register sees the exports of the authority."""

import uuid
from collections.abc import Sequence
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
    return of_acts([batch])[batch.pk]


def of_acts(batches: Sequence[Batch]) -> dict[uuid.UUID, Progress]:
    """The progress of acts on cases, by work. One statement."""
    counted: dict[uuid.UUID, dict[str, int]] = {each.pk: {} for each in batches}
    found = Item.objects.filter(batch__in=list(counted)).order_by().values("batch", "state").annotate(n=Count("pk"))
    for batch, state, n in found.values_list("batch", "state", "n"):
        counted[batch][state] = n
    return {
        pk: Progress(each.get(Item.State.DONE, 0), each.get(Item.State.REFUSED, 0), sum(each.values()))
        for pk, each in counted.items()
    }


def refused(batch: Batch) -> QuerySet[Item]:
    """The cases on which the act was refused, with the words of why."""
    return batch.items.filter(state=Item.State.REFUSED).order_by("number")
