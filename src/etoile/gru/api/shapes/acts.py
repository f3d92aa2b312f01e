"""What is done to a case through the API."""

import uuid
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from ninja import Field, Schema

from etoile.gru.access.models import Account, Team
from etoile.gru.api.models import Change
from etoile.gru.api.shapes.given import Given
from etoile.gru.cases.models import DocumentRequest, Message
from etoile.gru.cases.services import MESSAGE_LIMIT
from etoile.gru.cases.states import TRANSITIONS
from etoile.gru.desk.models import Note
from etoile.gru.desk.notes import LONGEST
from etoile.gru.forms.workflow.shapes import Move

AGENT = "The e-mail address of the agent in whose name it is done; the agent must hold the right on this case."


class TransitionIn(Given):
    transition: str = Field(
        min_length=1,
        max_length=60,
        description="A step of the procedure's workflow (GET transitions lists those open to an agent), or `withdraw`.",
    )
    agent: str = Field("", max_length=254, description=f"{AGENT} Not needed to withdraw.")
    reason: str = Field("", max_length=MESSAGE_LIMIT, description="Needed to refuse, close and reopen.")


class TransitionOut(Schema):
    id: str
    verb: str
    label: dict[str, str]
    reason_required: bool

    @classmethod
    def of(cls, move: Move) -> "TransitionOut":
        required = move.reason or TRANSITIONS[move.verb].reason_required
        return cls(id=move.id, verb=move.verb, label=move.label.raw() if move.label else {}, reason_required=required)


class TransitionsOut(Schema):
    items: list[TransitionOut]


class AssignmentIn(Given):
    """To an agent of the team, to nobody (`assignee` null), or to another team: then nobody follows it yet."""

    agent: str = Field(max_length=254, description=AGENT)
    assignee: str | None = Field(
        None, max_length=254, description="The e-mail address of the agent who will follow it."
    )
    team: str | None = Field(None, max_length=60, description="The slug of another team of the authority.")
    reason: str = Field("", max_length=2000, description="Needed for another team: the person reads it.")


class AgentOut(Schema):
    email: str
    name: str

    @classmethod
    def of(cls, account: Account) -> "AgentOut":
        return cls(email=account.email, name=str(account))


class AgentsOut(Schema):
    items: list[AgentOut]


class TeamOut(Schema):
    slug: str
    name: str
    sector: str = Field(description="The slug of its sector.")
    email: str
    phone: str

    @classmethod
    def of(cls, team: Team) -> "TeamOut":
        return cls(slug=team.slug, name=team.name, sector=team.sector.slug, email=team.email, phone=team.phone)


class TeamsOut(Schema):
    items: list[TeamOut]


class AskedDocument(Given):
    name: str = Field(min_length=1, max_length=200)
    indispensable: bool = True
    to_translate: bool = False


class DocumentRequestIn(Given):
    agent: str = Field(max_length=254, description=AGENT)
    documents: list[AskedDocument] = Field(min_length=1, max_length=30)
    deadline: date
    comment: str = Field("", max_length=MESSAGE_LIMIT)


class DocumentRequestOut(Schema):
    id: uuid.UUID
    documents: list[dict[str, Any]] = Field(
        description="A document has a name, `received` once it came; a correction, `field`, `fault`, `sentence`."
    )
    deadline: date
    state: str = Field(description="open, answered or cancelled")
    asked_at: datetime
    answered_at: datetime | None = None

    @classmethod
    def of(cls, request: DocumentRequest, readable: Collection[str] | None = None) -> "DocumentRequestOut":
        """`readable`: the questions whose corrections are told; None, all."""
        told = [
            each
            for each in request.items
            if readable is None or not each.get("field") or each["field"].partition(".")[0] in readable
        ]
        return cls(
            id=request.id,
            documents=told,
            deadline=request.deadline,
            state=request.state,
            asked_at=request.asked_at,
            answered_at=request.answered_at,
        )


class DocumentRequestsOut(Schema):
    items: list[DocumentRequestOut]


class MessageIn(Given):
    body: str = Field(min_length=1, max_length=MESSAGE_LIMIT)
    agent: str = Field("", max_length=254, description=f"{AGENT} Empty: the program itself writes.")


class MessageOut(Schema):
    id: uuid.UUID
    author: str = Field(description="person, agent or application")
    author_name: str = Field(description="Empty for a person whom the service contract does not name.")
    body: str
    sent_at: datetime
    read_at: datetime | None = None

    @classmethod
    def of(cls, message: Message, *, named: bool = True) -> "MessageOut":
        """`named`: whether the name of the person is given; those of agents and programs always are."""
        told = {name: getattr(message, name) for name in cls.model_fields}
        if message.author == Message.Author.PERSON and not named:
            told["author_name"] = ""
        return cls(**told)


class MessagesOut(Schema):
    items: list[MessageOut]


class NoteIn(Given):
    body: str = Field(min_length=1, max_length=LONGEST)
    agent: str = Field(max_length=254, description=AGENT)


class NoteOut(Schema):
    id: uuid.UUID
    author_name: str
    body: str
    written_at: datetime
    withdrawn_at: datetime | None = None

    @classmethod
    def of(cls, note: Note) -> "NoteOut":
        return cls(**{name: getattr(note, name) for name in cls.model_fields})


class NotesOut(Schema):
    items: list[NoteOut]


class ChangeOut(Schema):
    case: uuid.UUID
    procedure: str
    gone: bool = Field(
        description="Deleted, set apart in the archives, or moved to another procedure: no longer there."
    )
    version: int = Field(description="That of the case after this change.")
    changed_at: datetime

    @classmethod
    def of(cls, change: Change) -> "ChangeOut":
        return cls(
            case=change.case_id,
            procedure=change.procedure.slug,
            gone=change.gone,
            version=change.version,
            changed_at=change.changed_at,
        )


class ChangesPage(Schema):
    items: list[ChangeOut]
    next: str = Field(description="To be kept, and given as `after` the next time: also when nothing changed.")
    more: bool = Field(description="There is more to read at once.")
