"""Asking the hub what would become of what we are about to say, before a procedure changes. Nothing is published.

The rooms above may not import the contract: they ask here. A hub that does not answer is an answer, never an error.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

import structlog
from django.conf import settings
from django.db import connection

from etoile.contract.client import HubClient, HubRefused, HubUnavailable
from etoile.contract.envelope import Event, make
from etoile.gru.outbox.identifiers import uuid7

log = structlog.get_logger(__name__)

# Somebody waits: an answer may take so long, and a hub that is away is not asked again for longer than that.
TIMEOUT, BUDGET = 3, 1


class Answer(StrEnum):
    """`FORBIDDEN`: our credential may not ask this. `REFUSED`: the hub would refuse these events themselves."""

    GIVEN = "given"
    UNAVAILABLE = "unavailable"
    FORBIDDEN = "forbidden"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Read:
    """A place of the data (`answers.lieu.latitude`) that a receiver reads; `required`: it cannot do without."""

    path: str
    by: str
    required: bool


@dataclass(frozen=True, slots=True)
class Value:
    """What one leaf of the mapping gives on an event, or why it gives nothing."""

    pointer: str
    source: str
    value: Any
    failure: str


@dataclass(frozen=True, slots=True)
class Receiver:
    """A subscription that would take an event. `fields`: what it may see, everything when empty."""

    subscription: str
    name: str
    active: bool
    doubt: str
    fields: tuple[str, ...]
    reads: tuple[Read, ...]
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What the hub says: the receivers of each event, in their order. `detail`: why it says nothing."""

    answer: Answer
    events: tuple[tuple[Receiver, ...], ...] = ()
    detail: str = ""


class Hub(Protocol):
    def rehearse(self, events: Sequence[Event], *, budget: float) -> list[list[dict[str, Any]]]: ...

    def close(self) -> None: ...


def connect() -> Hub:
    hub: Hub = HubClient(
        settings.HUB_URL, settings.HUB_CLIENT_ID, settings.HUB_CLIENT_SECRET, timeout=TIMEOUT, budget=BUDGET
    )
    return hub


def rehearse(type: str, *, authority: str, data: Sequence[Mapping[str, Any]]) -> Rehearsed:
    """What would become of events of this type with these data, in the name of the authority of this SIRET.

    Somebody waits for the page: a few seconds at the most, and the database connection is given back before.
    """
    events = [
        make(type, source=settings.HUB_CLIENT_ID, subject=f"case/{uuid7()}", authority=authority, data=dict(each))
        for each in data
    ]
    if not connection.in_atomic_block:
        connection.close()
    hub = connect()
    try:
        told = hub.rehearse(events, budget=BUDGET)
        return Rehearsed(Answer.GIVEN, tuple(tuple(_receiver(one) for one in each) for each in told))
    except HubUnavailable as error:
        return _silent(Answer.UNAVAILABLE, str(error))
    except HubRefused as error:
        return _silent(_refusal(error), error.problem.detail or error.problem.title)
    except (KeyError, TypeError, AttributeError):
        return _silent(Answer.UNAVAILABLE, "The answer is not the hub's.")
    finally:
        hub.close()


def _silent(answer: Answer, detail: str) -> Rehearsed:
    log.warning("hub_rehearsal", answer=str(answer), detail=detail[:300])
    return Rehearsed(answer, detail=detail)


def _refusal(error: HubRefused) -> Answer:
    status = error.problem.status
    if status in (401, 403, 404):
        return Answer.FORBIDDEN
    return Answer.REFUSED if status in (400, 413, 415, 422) else Answer.UNAVAILABLE


def _receiver(raw: Mapping[str, Any]) -> Receiver:
    return Receiver(
        subscription=str(raw["subscription"]),
        name=str(raw["name"]),
        active=bool(raw["active"]),
        doubt=str(raw["doubt"]),
        fields=tuple(str(each) for each in raw["fields_allowed"]),
        reads=tuple(Read(str(each["path"]), str(each["by"]), bool(each["required"])) for each in raw["reads"]),
        values=tuple(
            Value(str(each["pointer"]), str(each["source"] or ""), each["value"], str(each["failure"] or ""))
            for each in raw["values"]
        ),
    )
