"""A message tried on a subscription, and nothing leaves: what its filter says, which fields its application may see,
what each leaf of its mapping gives, what would be sent. Written for those who set up a connection without programming.
"""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from etoile.contract import schemas
from etoile.contract.envelope import Event
from etoile.contract.problem import Violation
from etoile.expressions import cel
from etoile.expressions.errors import ExpressionError
from etoile.hub.delivery.prepare import prepare
from etoile.hub.registry import calling
from etoile.hub.registry.directory import Snapshot, SubscriptionView
from etoile.sdk import Mapping as Tree
from etoile.sdk.connector import Connector, discover
from etoile.sdk.mapping import Leaf
from etoile.sdk.rehearsal import RehearsalDoor, RehearsalMail, Sent, rehearse

SECONDS = 5.0
# What tells a case apart without telling anything of a person.
SHORTEST_PLAIN = 4  # a shorter text may be found by chance among those of a person
PLAIN = ("case", "procedure", "status", "business_status", "handoff")


@dataclass(frozen=True, slots=True)
class Field:
    """One value of the message, by its dotted path, and whether the application receives it."""

    path: str
    value: Any
    allowed: bool


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """`taken` False: the subscription does not take this message, `why` says so in French, and the rest is told as if
    it did. `stopped`: what kept the connector from having anything to send."""

    event: Event
    taken: bool
    why: str
    fields: tuple[Field, ...]
    leaves: tuple[Leaf, ...]
    sent: tuple[Sent, ...]
    stopped: str


def of_draft(view: SubscriptionView, *, filter: str, mapping: dict[str, Any] | None) -> SubscriptionView:
    """The subscription with another filter and another mapping, not saved. Raises ExpressionError for the filter."""
    condition = cel.compile(filter, variables=("event",)) if filter else None
    return replace(view, filter=filter, mapping=mapping, condition=condition)


def example(view: SubscriptionView) -> Event:
    """The example of the type, as if it had been said to the authority of the application."""
    event = schemas.example(view.message_type)
    return replace(event, authority=min(view.application.authorities, default=event.authority))


def run(
    view: SubscriptionView, event: Event, snapshot: Snapshot, connectors: Mapping[str, Connector] | None = None
) -> Rehearsal:
    """Outside any transaction. Raises BusyError when too many are waiting."""
    why = _refusal(view, event)
    # Without the secrets of the applications, no address of a document is signed: nothing can be opened from here.
    prepared = prepare(event, view, replace(snapshot, applications={}), now=time.time())
    sent, stopped = _sent(view, prepared, discover() if connectors is None else connectors)
    allowed = {path for path, _ in _values(prepared.data)}
    return Rehearsal(
        event=event,
        taken=not why,
        why=why,
        fields=tuple(Field(path, value, path in allowed) for path, value in _values(event.data)),
        leaves=tuple(_leaves(view, prepared)),
        sent=tuple(sent),
        stopped=stopped,
    )


def masked(rehearsal: Rehearsal) -> Rehearsal:
    """The same, without what the persons wrote: each of their values is told by its kind and its length."""
    plain = _plain(rehearsal)
    return replace(
        rehearsal,
        fields=tuple(
            each if each.path.split(".")[0] in PLAIN else replace(each, value=_kind(each.value))
            for each in rehearsal.fields
        ),
        leaves=tuple(
            each if each.source is None else replace(each, value=_masked(each.value, plain))
            for each in rehearsal.leaves
        ),
        sent=tuple(
            replace(each, url=_place(each.url), headers={}, body=_body(each.body, plain)) for each in rehearsal.sent
        ),
    )


def violations(mapping: Any, type: str) -> list[Violation]:
    """What is wrong with a mapping that is to be applied to messages of `type`."""
    return list(Tree.check(mapping, type).violations) if mapping else []


def _refusal(view: SubscriptionView, event: Event) -> str:
    if event.source == view.application.slug:
        return "L’application ne reçoit pas ce qu’elle a dit elle-même."
    if event.authority not in view.application.authorities:
        return "L’application n’est pas branchée pour la collectivité de ce message."
    if view.condition is None:
        return ""
    try:
        holds = view.condition.holds({"event": event.to_dict()})
    except ExpressionError as error:
        return f"Le filtre n’a pas de valeur sur ce message, qui serait retenu : {error}"
    return "" if holds else "Le filtre ne prend pas ce message."


def _leaves(view: SubscriptionView, prepared: Event) -> list[Leaf]:
    if view.mapping is None:
        return []
    return Tree.examine(view.mapping).leaves({"event": prepared.to_dict()})


def _sent(view: SubscriptionView, prepared: Event, connectors: Mapping[str, Connector]) -> tuple[list[Sent], str]:
    connector = connectors.get(view.connector)
    if connector is None:
        return [], f"Le connecteur « {view.connector} » n’est pas installé."
    if "deliver" not in connector.capabilities:
        return [Sent("MAILBOX", view.application.slug, {}, _text(prepared.to_dict()))], ""
    door = RehearsalDoor(view.secrets)
    try:
        context = calling.context(view, connector, door, RehearsalMail(door), seconds=SECONDS, event=prepared)
        stopped = calling.wait(lambda: rehearse(connector, prepared, context, door), seconds=SECONDS)
    except ValidationError:
        return [], "La configuration n’est pas celle que le connecteur attend."
    except TimeoutError:
        return door.sent, "Le connecteur n’a pas fini à temps."
    return door.sent, stopped


def _values(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(node, dict) and node:
        for name, child in node.items():
            yield from _values(child, f"{path}.{name}" if path else name)
    elif isinstance(node, list) and node:
        for index, child in enumerate(node):
            yield from _values(child, f"{path}[{index}]")
    else:
        yield path, node


def _plain(rehearsal: Rehearsal) -> set[str]:
    """Texts that may be shown: those of the envelope, of the case and its procedure, of the mapping itself."""
    event = rehearsal.event
    values = [value for name in PLAIN for _, value in _values({name: event.data.get(name)})]
    values += [value for name, value in event.to_dict().items() if name != "data"]
    values += [each.value for each in rehearsal.leaves if each.source is None]
    return {value for value in values if isinstance(value, str) and len(value) >= SHORTEST_PLAIN}


def _masked(value: Any, plain: set[str]) -> Any:
    if isinstance(value, dict):
        return {name: _masked(each, plain) for name, each in value.items()}
    if isinstance(value, list):
        return [_masked(each, plain) for each in value]
    return value if isinstance(value, str) and value in plain else _kind(value)


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "‹oui ou non›"
    if isinstance(value, int | float):
        return "‹nombre›"
    if isinstance(value, str):
        return f"‹texte, {len(value)} caractères›"
    return "‹vide›"


def _place(url: str) -> str:
    """The address without what may have been written in it of a person."""
    scheme, separator, rest = url.partition("://")
    return f"{scheme}://{rest.split('/')[0]}/…" if separator else "…"


def _body(text: str, plain: set[str]) -> str:
    try:
        content = json.loads(text)
    except ValueError:
        return f"‹texte, {len(text)} caractères›"
    return _text(_masked(content, plain))


def _text(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2)
