"""One act on many cases, as asked and as followed."""

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from ninja import Field, Schema

from etoile.gru.api.listing import MOST as LARGEST
from etoile.gru.api.listing import Wanted
from etoile.gru.api.shapes.given import Given
from etoile.gru.batches.models import Batch, Item, Kind, State
from etoile.gru.batches.queries import Progress
from etoile.gru.batches.services import MOST
from etoile.gru.cases.services import MESSAGE_LIMIT

OF_AGENT = (
    "The e-mail address of the agent in whose name it is asked; the agent must hold the right that the act needs."
)


class Act(StrEnum):
    """What may be done on many cases at once."""

    TAKE = Kind.TAKE.value
    ASSIGN = Kind.ASSIGN.value
    LABEL = Kind.LABEL.value
    MESSAGE = Kind.MESSAGE.value
    CLOSE = Kind.CLOSE.value


class Resumed(StrEnum):
    STOPPED = State.STOPPED.value
    RUNNING = State.RUNNING.value


class SelectionAsked(Wanted):
    """The criteria of the list of cases, among those that the agent sees."""

    agent: str = Field(max_length=254, description=OF_AGENT)
    act: Act = Field(description="What would be done on them: `able` follows the right that it needs.")


class SelectionOut(Schema):
    cases: list[uuid.UUID] = Field(description=f"The {MOST} most recent at most: to be given to POST batches.")
    more: bool = Field(description="There are others: add a criterion, or begin again once these are done.")
    able: int = Field(description="On how many of `cases` the agent may do it; the others would be refused.")


class BatchIn(Given):
    agent: str = Field(max_length=254, description=OF_AGENT)
    act: Act
    cases: list[uuid.UUID] = Field(min_length=1, max_length=MOST, description="Twice the same counts once.")
    assignee: str | None = Field(
        None, max_length=254, description="To assign: the e-mail address of the agent who will follow them."
    )
    label: Annotated[int, Field(ge=1, le=LARGEST)] | None = Field(None, description="To label: its identifier.")
    body: str = Field("", max_length=MESSAGE_LIMIT, description="To message: what each person will read.")
    reason: str = Field("", max_length=MESSAGE_LIMIT, description="To close: each person reads it in the decision.")


class BatchStateIn(Given):
    agent: str = Field(max_length=254, description="The e-mail address of the agent in whose name it was asked.")
    state: Resumed = Field(description="`stopped`: what is done stays done. `running`: go on with what is left.")


class BatchOut(Schema):
    id: uuid.UUID
    act: Act
    state: str = Field(description="waiting, running, stopped, done or failed")
    total: int = Field(description="Cases asked; those of a work older than thirty days are forgotten.")
    done: int
    refused: int
    created_at: datetime
    ended_at: datetime | None = None

    @classmethod
    def of(cls, batch: Batch, progress: Progress) -> "BatchOut":
        return cls(**cls.values(batch, progress))

    @staticmethod
    def values(batch: Batch, progress: Progress) -> dict[str, object]:
        return {
            "id": batch.id,
            "act": batch.kind,
            "state": batch.state,
            "total": progress.total,
            "done": progress.done,
            "refused": progress.refused,
            "created_at": batch.created_at,
            "ended_at": batch.ended_at,
        }


class BatchesOut(Schema):
    items: list[BatchOut]


class NotDone(Schema):
    case: uuid.UUID
    why: str = Field(description="In plain words.")


class BatchReport(BatchOut):
    refusals: list[NotDone] = Field(description="The cases that did not change, among those this client reads.")

    @classmethod
    def read(
        cls, batch: Batch, progress: Progress, refused: Iterable[Item], readable: Collection[uuid.UUID]
    ) -> "BatchReport":
        told = [NotDone(case=each.case_id, why=each.words) for each in refused if each.case_id in readable]
        return cls(**cls.values(batch, progress), refusals=told)
