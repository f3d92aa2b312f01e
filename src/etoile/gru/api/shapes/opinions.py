"""Opinions asked about a case, as the API gives them."""

import uuid
from datetime import date, datetime

from ninja import Field, Schema

from etoile.gru.api.shapes.acts import AGENT
from etoile.gru.api.shapes.cases import DocumentOut
from etoile.gru.api.shapes.given import Given
from etoile.gru.opinions.models import Opinion
from etoile.gru.opinions.queries import Shown
from etoile.gru.opinions.services import QUESTION_LIMIT

MANY = 200


class OpinionIn(Given):
    """Of another team, or of somebody outside: then `name` and `email`. The link is sent to that address alone."""

    agent: str = Field(max_length=254, description=AGENT)
    team: str | None = Field(None, max_length=60, description="The slug of another team of the authority.")
    name: str = Field("", max_length=200)
    email: str = Field("", max_length=254, pattern=r"^$|^[^@\s]+@[^@\s]+\.[^@\s]+$")
    question: str = Field(min_length=1, max_length=QUESTION_LIMIT)
    deadline: date
    fields: list[str] = Field(
        default_factory=list, max_length=MANY, description="The answers that the link shows, by field id."
    )
    documents: list[uuid.UUID] = Field(
        default_factory=list, max_length=MANY, description="The documents of the case that the link shows."
    )


class OpinionOut(Schema):
    id: uuid.UUID
    name: str = Field(description="Of whom it is asked.")
    email: str
    question: str
    deadline: date
    state: str = Field(description="asked, given or revoked")
    is_late: bool = Field(description="Given after its day, or still awaited.")
    asked_at: datetime
    outcome: str = Field(description="favourable, reserved, unfavourable, none (without opinion); empty, not given yet")
    text: str
    author: str
    given_at: datetime | None = None
    documents: list[DocumentOut]

    @classmethod
    def of(cls, shown: Shown) -> "OpinionOut":
        told = {name: getattr(shown.opinion, name) for name in cls.model_fields if name != "documents"}
        return cls(**told, documents=[DocumentOut.of(each) for each in shown.documents])

    @classmethod
    def bare(cls, opinion: Opinion) -> "OpinionOut":
        """One that nobody has answered."""
        return cls.of(Shown(opinion, ()))


class OpinionsOut(Schema):
    items: list[OpinionOut]


class InNameOf(Given):
    agent: str = Field(max_length=254, description=AGENT)
