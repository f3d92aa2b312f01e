"""The JSON of lookups: what an application asks and is told, and what who operates the hub sees."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from etoile.hub.intake.operation_shapes import Reason, Reasoned
from etoile.hub.lookups.questions import Code, Freshness
from etoile.hub.registry.star import LookupPart

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Result = Literal["found", "not_found", "refused", "unavailable"]


class LookupIn(Schema):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "query": {"texte": "saint"},
                "purpose": "adresse-de-la-demande",
                "procedure": "signaler-un-probleme",
            }
        },
    )

    query: dict[str, Any] = Field(description="By lookup: see GET /v1/lookups. Never written anywhere.")
    purpose: Slug = Field(description="One of those declared for you. Written in the journal.")
    procedure: Slug = Field(description="For which procedure you ask. Written in the journal.")


class LookupOut(Schema):
    result: Result
    data: dict[str, Any] | None = Field(description="By lookup; absent unless found.")
    provider: str | None = Field(description="Who answered.")
    at: datetime | None = Field(description="When the answer was true.")
    freshness: Freshness | None = Field(
        description="fresh: just said; cached: said not long ago; stale: the last known, nobody answers now."
    )
    code: Code | None = Field(description="Why there is no answer.")
    message: str = Field(description="French, to be shown: what happened, and what to ask for instead.")
    instead: str | None = Field(description="What to ask of the person when there is no answer.")


class LookupOffer(Schema):
    name: str
    title: str
    purposes: dict[str, str] = Field(description="Those you may say, with what each means.")
    timeout: float = Field(description="Seconds; you are answered within, or soon after.")
    instead: str
    query: dict[str, Any] = Field(description="JSON Schema of the question.")
    answer: dict[str, Any] = Field(description="JSON Schema of `data`.")


class LookupOffers(Schema):
    items: list[LookupOffer]


class LookupFigures(Schema):
    """Of the last 24 hours."""

    asked: int
    found: int
    not_found: int
    refused: int
    unavailable: int
    cached: int
    stale: int
    p50_ms: int | None
    p95_ms: int | None


class ProviderStand(Schema):
    slug: str
    application: str
    connector: str
    state: Literal["answers", "failing", "paused"]
    failures: int
    since: datetime | None
    paused_until: datetime | None
    words: str


class HubLookup(Schema):
    name: str
    title: str
    active: bool
    instead: str
    timeout: float
    cache_seconds: int
    stale_seconds: int
    purposes: dict[str, str]
    readers: dict[str, list[str]]
    providers: list[ProviderStand]
    last_day: LookupFigures


class HubLookups(Schema):
    items: list[HubLookup]


class LookupTry(Reasoned):
    query: dict[str, Any]


class LookupKept(LookupPart):
    """As in a star file. The secrets of its providers are references."""

    name: str = ""
    reason: Reason


class ProviderSaid(Schema):
    provider: str
    result: Result
    asked: bool
    milliseconds: int
    message: str
    detail: str


class TriedOut(LookupOut):
    tries: list[ProviderSaid]
