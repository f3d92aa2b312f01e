"""What agents keep beside a case, as the API gives it: labels, the cases near it, decisions."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from ninja import Field, Schema

from etoile.gru.api.shapes.acts import AGENT
from etoile.gru.api.shapes.cases import CaseOut
from etoile.gru.api.shapes.given import Given
from etoile.gru.cases.models import Case, Decision
from etoile.gru.desk.models import Label, Pair
from etoile.gru.desk.relations import Related


class LabelOut(Schema):
    id: int
    name: str
    retired: bool = Field(description="No longer offered; the cases that have it keep it.")

    @classmethod
    def of(cls, label: Label) -> "LabelOut":
        return cls(id=label.pk, name=label.name, retired=label.retired)


class LabelsOut(Schema):
    items: list[LabelOut]


class RelationIn(Given):
    agent: str = Field(max_length=254, description=AGENT)
    kind: Pair.Kind = Field(Pair.Kind.LINKED, description="linked, or distinct: they look alike and are two requests.")
    why: str = Field("", max_length=Pair.WHY)


class DuplicateIn(Given):
    agent: str = Field(max_length=254, description=f"{AGENT} Closing one as a duplicate is deciding.")
    kept: uuid.UUID = Field(description="The case that is treated, which the agent may see.")


class LinkedOut(Schema):
    case: CaseOut
    why: str


class RelatedOut(Schema):
    """What the agent may see of the cases near one, and this client may read."""

    is_duplicate: bool = Field(description="It was closed as a duplicate.")
    kept: CaseOut | None = Field(None, description="The one that is treated in its place, when it may be seen.")
    duplicates: list[CaseOut] = Field(description="Those that were closed as its duplicates.")
    linked: list[LinkedOut]
    alike: list[CaseOut] = Field(description="Same procedure, same person, about the same time: perhaps duplicates.")
    others: list[CaseOut] = Field(
        description="Of the same person, the latest first. Like `alike`, under a service contract that covers both."
    )

    @classmethod
    def of(cls, near: Related, read: Mapping[uuid.UUID, Case], told: Mapping[uuid.UUID, Case]) -> "RelatedOut":
        """`read` are the cases this client may read; `told` those whose person it knows too."""
        kept = read.get(near.kept.pk) if near.kept is not None else None
        return cls(
            is_duplicate=near.marked,
            kept=CaseOut.of(kept) if kept is not None else None,
            duplicates=[CaseOut.of(read[each.pk]) for each in near.duplicates if each.pk in read],
            linked=[
                LinkedOut(case=CaseOut.of(read[each.case.pk]), why=each.why)
                for each in near.linked
                if each.case.pk in read
            ],
            alike=[CaseOut.of(told[each.pk]) for each in near.alike if each.pk in told],
            others=[CaseOut.of(told[each.pk]) for each in near.others if each.pk in told],
        )


class DecisionOut(Schema):
    id: uuid.UUID
    outcome: str = Field(description="accepted, refused or closed")
    reasons: str
    signatory: str = Field(description="Empty for a decision born of silence: nobody signs it.")
    capacity: str
    service: str
    decided_at: datetime
    implicit: bool
    text: str = Field(description="The words of the letter.")

    @classmethod
    def of(cls, decision: Decision) -> "DecisionOut":
        return cls(**{name: getattr(decision, name) for name in cls.model_fields})


class DecisionsOut(Schema):
    items: list[DecisionOut]
