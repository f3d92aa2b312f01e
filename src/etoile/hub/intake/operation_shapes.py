"""The JSON of the operator's part of the API."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field

from etoile.hub.delivery.states import DeliveryState
from etoile.hub.intake.shapes import DeliveryOut, Text
from etoile.hub.registry.star import ApplicationPart, CredentialPart, SubscriptionPart

Reason = Annotated[Text, Field(min_length=3, max_length=500, description="Written in the journal, for ever.")]
Name = Annotated[Text, Field(max_length=200)]
# What the database can date: keys carry their time in 48 bits.
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2200, 1, 1))]


class Reasoned(Schema):
    model_config = ConfigDict(extra="forbid")

    reason: Reason


class SelectionIn(Reasoned):
    """Which deliveries: all the criteria given must hold, and at least one must be given."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"subscription": "voirie-demandes", "states": ["dead"], "reason": "Réparé"}},
    )

    ids: Annotated[list[UUID], Field(max_length=1000)] = []
    message: UUID | None = None
    subscription: Name | None = None
    application: Name | None = None
    states: list[DeliveryState] = []
    case: Name | None = Field(default=None, description="The reference of a case.")
    error: Name | None = Field(default=None, description="Words of the explanation.")
    since: AwareDatetime | None = None
    until: AwareDatetime | None = Field(default=None, description="That moment not included.")
    dry_run: bool = Field(default=False, description="Say how many are meant, and do nothing.")


class Decided(Schema):
    deliveries: int
    done: bool = Field(description="False after a dry run.")


class MessageLine(Schema):
    id: UUID
    received_at: datetime
    source: str
    event_id: str
    type: str
    subject: str
    authority: str
    reference: str | None
    state: str


class MessageLines(Schema):
    items: list[MessageLine]


class MessageDetail(MessageLine):
    deliveries: list[DeliveryOut]
    journal: list[dict[str, Any]]


class Content(Schema):
    event: dict[str, Any] = Field(description="Whole, with personal data: the journal says who opened it and why.")


class OpenSubscription(Schema):
    subscription: str
    application: str
    active: bool
    by_state: dict[str, int]
    oldest: datetime | None


class SealOut(Schema):
    last: datetime | None
    hash: str | None = Field(description="Of the last seal, in hexadecimal.")
    unsealed: int
    unsealed_since: datetime | None


class Status(Schema):
    applications: int
    subscriptions: int
    unrouted: int
    open: list[OpenSubscription]
    journal: SealOut


class ApplicationIn(ApplicationPart):
    """As in a star file, without credentials. `document_secret` is a reference; `document_secret_value` is sealed."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "name": "Urbanisme",
                "authorities": ["21490999900017"],
                "receives": ["org.etoile.case.submitted.v1"],
                "reason": "Nouveau logiciel",
            }
        },
    )

    slug: str = ""
    credentials: Annotated[list[CredentialPart], Field(max_length=0)] = []
    document_secret_value: Annotated[Text, Field(min_length=1, max_length=500)] | None = None
    reason: Reason


class SubscriptionIn(SubscriptionPart):
    """As in a star file. `secrets` are references; `sealed` are values, sealed at once and never told again; those
    it has already are kept unless `kept_secrets` names fewer."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "application": "urbanisme",
                "type": "org.etoile.case.submitted.v1",
                "connector": "webhook",
                "configuration": {"url": "https://urbanisme.example/evenements"},
                "sealed": {"signing_secret": "whsec_…"},
                "reason": "Branchement",
            }
        },
    )

    slug: str = ""
    sealed: dict[str, Annotated[Text, Field(min_length=1, max_length=4096)]] = {}
    kept_secrets: list[str] | None = None
    reason: Reason


class Facts(Schema):
    """What the registry knows of a thing, no secret in it. `version` goes in `If-Match` to change it safely."""

    version: str
    facts: dict[str, Any]


class FactsList(Schema):
    items: list[Facts]


class ChangeOut(Schema):
    id: UUID
    at: datetime
    actor: str
    reason: str
    kind: str
    name: str
    application: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class ChangeList(Schema):
    items: list[ChangeOut]


class CredentialIn(Reasoned):
    scopes: Annotated[list[str], Field(min_length=1)]
    expires_at: AwareDatetime | None = None
    operation: bool = Field(default=False, description="It operates the hub (scopes hub:…), and does nothing else.")


class CredentialMade(Schema):
    client_id: str
    client_secret: str = Field(description="Told this once: the hub keeps only a hash of it.")


class AuthorityIn(Reasoned):
    name: Annotated[Text, Field(min_length=1, max_length=200)]


class OperatorIn(Reasoned):
    name: Annotated[Text, Field(max_length=120)] = ""
    role: Literal["reader", "operator", "administrator"] = "reader"
    password: Annotated[Text, Field(min_length=12, max_length=500)]


class RoleIn(Reasoned):
    role: Literal["reader", "operator", "administrator"]


class OperatorOut(Schema):
    email: str
    name: str
    role: str
    is_active: bool
    last_login: datetime | None


class OperatorList(Schema):
    items: list[OperatorOut]


class CheckLine(Schema):
    name: str
    ok: bool
    message: str = Field(description="French, for an operator.")


class CheckLines(Schema):
    items: list[CheckLine]


class Switched(Schema):
    subscription: str
    active: bool
    deliveries: int = Field(description="How many were held, or let go.")


class DryRunIn(Schema):
    """`filter` and `mapping` absent: those of the subscription. `opened`: show what persons wrote; the journal keeps
    who did."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"mapping": {"ref": "=event.data.case.reference"}}}
    )

    message: UUID | None = Field(default=None, description="A recorded message; the example of the type otherwise.")
    filter: Annotated[Text, Field(max_length=10_000)] | None = None
    mapping: dict[str, Any] | None = None
    opened: bool = False


class FieldLine(Schema):
    path: str
    value: Any
    allowed: bool


class LeafLine(Schema):
    pointer: str
    source: str | None
    value: Any
    failure: str


class SentOut(Schema):
    method: str
    url: str
    headers: dict[str, str]
    body: str


class DryRun(Schema):
    taken: bool
    why: str
    masked: bool
    fields_seen: list[FieldLine]
    leaves: list[LeafLine]
    sent: list[SentOut]
    stopped: str


class ReportOut(Schema):
    day: date
    made_at: datetime
    entries: int
    messages: int
    routed: int
    unrouted: int
    kept: int
    differences: int


class ReportList(Schema):
    items: list[ReportOut]


class ReportDetail(ReportOut):
    rows: list[dict[str, Any]]
    found: list[dict[str, Any]]


class AlarmOut(Schema):
    kind: str
    cause: str
    words: str
    detail: dict[str, Any]
    count: int
    opened_at: datetime | None
    seen_at: datetime
    closed_at: datetime | None
    told_at: datetime | None


class AlarmList(Schema):
    items: list[AlarmOut]


class JobOut(Schema):
    name: str
    due: datetime
    last_started: datetime | None
    last_succeeded: datetime | None
    last_failed: datetime | None
    failures: int
    last_error: str
    duration_ms: int | None
    said: str


class JobList(Schema):
    items: list[JobOut]


class DayOut(Schema):
    day: date
    application: str | None = Field(description="Absent: all of them.")
    published: int
    accepted: int
    delivered: int
    retried: int
    dead: int
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None


class DayList(Schema):
    items: list[DayOut]


class CircuitOut(Schema):
    subscription: str
    state: str
    reason: str
    failures: int
    openings: int
    since: datetime | None
    next_probe: datetime | None
    words: str


class AnswerOut(Schema):
    """Something an application said that could not be applied; never what it says, which is personal data."""

    id: UUID
    at: datetime
    seen_at: datetime
    times: int
    application: str
    external_id: str | None
    status: str
    reason: str = Field(
        description="`unknown_case`, `refused` by the contract, or `unreadable` (a file: `external_id` is its name)."
    )
    detail: str
    state: str
    delivery: UUID | None
    message: UUID | None
    settled_at: datetime | None
    settled_by: str | None


class AnswerList(Schema):
    items: list[AnswerOut]


class AnswersIn(Reasoned):
    ids: Annotated[list[UUID], Field(min_length=1, max_length=1000)]


class SomeAnswersIn(Reasoned):
    ids: Annotated[list[UUID], Field(max_length=1000)] | None = Field(default=None, description="Absent: all of them.")


class Reprocessed(Schema):
    applied: int
    waiting: int


class CircuitList(Schema):
    items: list[CircuitOut]
