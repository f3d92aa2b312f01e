"""The JSON of the API's answers and requests; the OpenAPI document is made from it."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from etoile.hub.delivery.models import Delivery
from etoile.hub.registry.directory import Snapshot
from etoile.sdk import OutcomeKind

# The database cannot keep U+0000; pydantic refuses the other texts that are not Unicode.
Text = Annotated[str, Field(pattern=r"^[^\x00]*$")]


class Accepted(Schema):
    id: UUID = Field(description="The hub's own identifier of the event.")
    duplicate: bool = Field(description="The hub had it already, with the same content: nothing was done.")
    deliveries: int = Field(description="How many deliveries were made just now.")


class AcceptedBatch(Schema):
    events: list[Accepted]


class Violation(Schema):
    pointer: str
    detail: str


class Problem(Schema):
    """RFC 9457, `application/problem+json`."""

    type: str
    title: str
    status: int
    detail: str = ""
    errors: list[Violation] = []


class DeliveryOut(Schema):
    id: UUID
    message: UUID
    application: str
    subscription: str
    subject: str
    state: str
    attempts: int
    due: datetime | None
    external_id: str | None
    outcome: str | None
    detail: str | None
    created_at: datetime
    settled_at: datetime | None

    @classmethod
    def of(cls, delivery: Delivery, snapshot: Snapshot) -> "DeliveryOut":
        view = snapshot.subscriptions.get(delivery.subscription_id)
        return cls(
            message=delivery.message_id,
            application=view.application.slug if view else "",
            subscription=view.slug if view else "",
            **{name: getattr(delivery, name) for name in COLUMNS},
        )


COLUMNS = (
    "id",
    "subject",
    "state",
    "attempts",
    "due",
    "external_id",
    "outcome",
    "detail",
    "created_at",
    "settled_at",
)


class DeliveryList(Schema):
    items: list[DeliveryOut]


class AttemptOut(Schema):
    id: UUID | None = Field(description="Absent while the try is in progress.")
    number: int
    worker: str
    started_at: datetime
    finished_at: datetime | None = Field(description="Absent: in progress, or cut short.")
    outcome: str | None = Field(description="`interrupted`: cut short, perhaps received. Absent: in progress.")
    http_status: int | None
    detail: str | None
    exchange: dict[str, Any] | None = Field(
        description="What was sent and answered, without secrets nor personal data; whole when the try did not succeed."
    )


class AttemptList(Schema):
    items: list[AttemptOut]


class EventOut(Schema):
    id: UUID
    received_at: datetime
    state: Literal["routed", "unrouted", "kept"]
    event: dict[str, Any]
    deliveries: list[DeliveryOut]


class Decision(Schema):
    reason: Annotated[Text, Field(min_length=3, max_length=1000, description="Written in the journal, for ever.")]


class MailOut(Schema):
    delivery: UUID
    event: dict[str, Any]


class MailList(Schema):
    items: list[MailOut]


class AckIn(Schema):
    delivery: UUID
    outcome: OutcomeKind = OutcomeKind.ACKNOWLEDGED
    external_id: Annotated[Text, Field(max_length=200)] | None = None
    message: Annotated[Text, Field(max_length=2000)] = ""


class AcksIn(Schema):
    acks: Annotated[list[AckIn], Field(min_length=1, max_length=100)]


class AckOut(Schema):
    delivery: UUID
    result: Literal["recorded", "repeated"]


class AckList(Schema):
    items: list[AckOut]


class ApplicationOut(Schema):
    slug: str
    name: str
    vendor: str
    domain: str
    sector: str
    environment: str
    answerable: str
    authorities: list[str]
    emits: list[str]
    receives: list[str]
    is_active: bool


class ApplicationList(Schema):
    items: list[ApplicationOut]


class SubscriptionOut(Schema):
    slug: str
    application: str
    type: str
    filter: str
    fields_allowed: list[str] = Field(description="Empty: all of them.")
    connector: str
    active: bool
    ordered: bool
    pull: bool


class SubscriptionList(Schema):
    items: list[SubscriptionOut]


class Titles(Schema):
    fr: str
    en: str


class MessageTypeOut(Schema):
    type: str
    version: int
    title: Titles
    in_force: bool
    data_schema: dict[str, Any] | None = Field(alias="schema")
    example: dict[str, Any] | None


class Catalogue(Schema):
    items: list[MessageTypeOut]
