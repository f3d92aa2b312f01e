"""Answers that change after a request was sent, and what the person is asked for meanwhile."""

import uuid
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from ninja import Field, Schema

from etoile.gru.api.shapes.acts import AGENT
from etoile.gru.api.shapes.given import Given
from etoile.gru.cases.services import MESSAGE_LIMIT
from etoile.gru.cases.states import Fault
from etoile.gru.corrections.faults import SENTENCE_LIMIT
from etoile.gru.corrections.models import Revision
from etoile.gru.corrections.services import REASON_LIMIT
from etoile.gru.forms.sensitive import open_one


class WrongAnswer(Given):
    field: str = Field(min_length=1, max_length=120, description="A question that the answers of the case show.")
    fault: Fault = Field(description="incomplete, incorrect or outdated")
    sentence: str = Field(min_length=1, max_length=SENTENCE_LIMIT, description="What is wrong, for the person.")


class CorrectionRequestIn(Given):
    agent: str = Field(max_length=254, description=AGENT)
    wrong: list[WrongAnswer] = Field(min_length=1, max_length=100)
    deadline: date
    indispensable: bool = Field(True, description="Without them the request cannot be treated: the delay follows.")
    comment: str = Field("", max_length=MESSAGE_LIMIT)


class RevisionIn(Given):
    agent: str = Field(max_length=254, description=AGENT)
    answers: dict[str, Any] = Field(
        min_length=1,
        max_length=200,
        description="By field id, as for a new request; null takes an answer away, a block is given with all its rows.",
    )
    reason: str = Field(min_length=1, max_length=REASON_LIMIT, description="The person reads it.")


class RevisionChange(Schema):
    field: str
    before: Any = Field(None, description="Null, no answer; names, for files.")
    after: Any = None


class RevisionOut(Schema):
    id: uuid.UUID
    at: datetime
    by: str = Field(description="person, who was asked to correct, or agent")
    author_name: str = Field(description="Empty for a person whom the service contract does not name.")
    reason: str
    changes: list[RevisionChange] = Field(description="Those of the answers that this client may read.")

    @classmethod
    def of(cls, revision: Revision, readable: Collection[str], *, named: bool) -> "RevisionOut":
        by_agent = revision.account_id is not None
        return cls(
            id=revision.id,
            at=revision.sent_at or revision.updated_at,
            by="agent" if by_agent else "person",
            author_name=revision.author if by_agent or named else "",
            reason=revision.reason,
            changes=[
                RevisionChange(
                    field=name,
                    before=_clear(revision, revision.before, name),
                    after=_clear(revision, revision.after, name),
                )
                for name in revision.after
                if name.partition(".")[0] in readable
            ],
        )


class RevisionsOut(Schema):
    items: list[RevisionOut]


def _clear(revision: Revision, values: Mapping[str, Any], name: str) -> Any:
    return open_one(values.get(name), name, holder=revision.id)
