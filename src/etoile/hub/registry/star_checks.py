"""Does a star file make sense: names that exist, expressions that compile, settings the connectors accept."""

from collections import abc
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from etoile.contract.schemas import MESSAGE_TYPES, schema
from etoile.expressions import cel
from etoile.expressions.errors import ExpressionError
from etoile.hub.registry import lookup_checks
from etoile.hub.registry.lookup_checks import Found, settings_of
from etoile.hub.registry.scopes import OPERATION, SCOPES
from etoile.hub.registry.star import ApplicationPart, InterfacePart, StarFile, StarProblem, SubscriptionPart
from etoile.sdk import Connector, Mapping
from etoile.sdk.lines import Place

HUB = "hub"
# What a connector must be able to do to serve a subscription.
DELIVERING = frozenset({"deliver", "mailbox"})


@dataclass(frozen=True, slots=True)
class Known:
    """What the hub has already: a file may point at it without repeating it."""

    authorities: frozenset[str]
    receives: abc.Mapping[str, frozenset[str]]
    connectors: abc.Mapping[str, Connector]
    clients: abc.Mapping[str, str]


def check(file: StarFile, known: Known) -> list[StarProblem]:
    """Every problem of sense, with its place."""
    receives = _receives(file, known)
    found = [
        *_repeated(file),
        *_applications(file, known),
        *_subscriptions(file, receives, known.connectors),
        *lookup_checks.check(file.star.lookups, receives.keys(), known.connectors),
    ]
    return [file.problem(place, message) for place, message in found]


def types(parts: list[str | InterfacePart]) -> list[InterfacePart]:
    """Interfaces, whether written as a type alone or in full."""
    return [InterfacePart(type=part) if isinstance(part, str) else part for part in parts]


def _repeated(file: StarFile) -> Found:
    star = file.star
    columns: dict[str, list[str]] = {
        "authorities": [each.siret for each in star.authorities],
        "applications": [each.slug for each in star.applications],
        "subscriptions": [each.slug for each in star.subscriptions],
        "lookups": [each.name for each in star.lookups],
    }
    for name, keys in columns.items():
        for index, key in enumerate(keys):
            if key in keys[:index]:
                yield (name, index), f"{key} is written twice"


def _applications(file: StarFile, known: Known) -> Found:
    authorities = known.authorities | {each.siret for each in file.star.authorities}
    clients = dict(known.clients)
    for index, part in enumerate(file.star.applications):
        place: Place = ("applications", index)
        if part.slug == HUB:
            yield (*place, "slug"), "hub is the hub itself: it is always there"
        for rank, siret in enumerate(part.authorities):
            if siret not in authorities:
                yield (*place, "authorities", rank), f"the authority {siret} is not known"
        for direction in ("emits", "receives"):
            yield from _interfaces(part, direction, place)
        if part.document_secret and not part.document_base_url:
            yield (*place, "document_secret"), "signs nothing without document_base_url"
        yield from _credentials(part, place, clients)


def _interfaces(part: ApplicationPart, direction: str, place: Place) -> Found:
    seen: set[str] = set()
    for rank, interface in enumerate(types(getattr(part, direction))):
        if interface.type not in MESSAGE_TYPES:
            yield (*place, direction, rank), f"the contract has no message of type {interface.type}"
        if direction == "receives" and not interface.expected:
            yield (*place, direction, rank, "expected"), "is said of what is emitted: nobody has to receive it"
        if interface.type in seen:
            yield (*place, direction, rank), f"{interface.type} is written twice"
        seen.add(interface.type)


def _credentials(part: ApplicationPart, place: Place, clients: dict[str, str]) -> Found:
    for rank, credential in enumerate(part.credentials):
        holder = clients.setdefault(credential.client_id, part.slug)
        if holder != part.slug:
            yield (*place, "credentials", rank, "client_id"), f"this identifier is already that of {holder}"
        for number, scope in enumerate(credential.scopes):
            if scope not in SCOPES:
                yield (
                    (*place, "credentials", rank, "scopes", number),
                    f"the scope {scope} does not exist; there are: {', '.join(SCOPES)}",
                )
            elif scope.startswith(OPERATION) != credential.operation:
                words = (
                    f"a credential with operation: true operates the hub, and does nothing else than {OPERATION}…"
                    if credential.operation
                    else f"the scope {scope} is for a credential that operates the hub (operation: true)"
                )
                yield (*place, "credentials", rank, "scopes", number), words


def _receives(file: StarFile, known: Known) -> dict[str, frozenset[str]]:
    """What each application receives, whether the hub has it already or the file brings it."""
    return dict(known.receives) | {
        each.slug: frozenset(interface.type for interface in types(each.receives)) for each in file.star.applications
    }


def _subscriptions(
    file: StarFile, receives: abc.Mapping[str, frozenset[str]], connectors: abc.Mapping[str, Connector]
) -> Found:
    for index, part in enumerate(file.star.subscriptions):
        place: Place = ("subscriptions", index)
        if part.application not in receives:
            yield (*place, "application"), f"the application {part.application} is not known"
        elif part.type in MESSAGE_TYPES and part.type not in receives[part.application]:
            yield (*place, "type"), f"{part.application} does not declare that it receives {part.type}"
        if part.type not in MESSAGE_TYPES:
            yield (*place, "type"), f"the contract has no message of type {part.type}"
        else:
            yield from _fields(part, place)
        if part.policy.lease <= part.policy.timeout:
            yield (*place, "policy", "lease"), "is longer than the time-out, or the work would be taken up twice"
        if part.policy.circuit.longest < part.policy.circuit.pause:
            yield (*place, "policy", "circuit", "longest"), "is at least as long as the first pause"
        yield from _filter(part, place)
        for pointer, words in _mapping(part) if part.mapping else ():
            yield (*place, "mapping", *pointer.split("/")[1:]), words
        yield from settings_of(part, place, connectors)
        connector = connectors.get(part.connector)
        if connector is not None and not connector.capabilities & DELIVERING:
            yield (*place, "connector"), f"the connector {part.connector} delivers nothing: it answers lookups"


def _mapping(part: SubscriptionPart) -> Iterator[tuple[str, str]]:
    mapping = Mapping.check(part.mapping, part.type)
    for violation in mapping.violations:
        yield violation.pointer, violation.detail
    for pointer, path in mapping.needed if part.fields else ():
        name = path.removeprefix("event.data.")
        told = any(f"{name}.".startswith(f"{each}.") or f"{each}.".startswith(f"{name}.") for each in part.fields)
        if path.startswith("event.data.") and not told:
            yield pointer, f"« {path} » n'est pas transmis à cette application : l'ajouter à fields, ou ne pas le lire."


def _filter(part: SubscriptionPart, place: Place) -> Found:
    if not part.filter:
        return
    try:
        cel.compile(part.filter, variables=("event",))
    except ExpressionError as error:
        yield (*place, "filter"), str(error)


def _fields(part: SubscriptionPart, place: Place) -> Found:
    whole = schema(part.type)
    for rank, path in enumerate(part.fields):
        if not _exists(whole, whole, path.split(".")):
            yield (*place, "fields", rank), f"{part.type} has no field {path}"


def _exists(root: dict[str, Any], node: dict[str, Any], path: list[str]) -> bool:
    reference = node.get("$ref")
    if reference:
        node = {**root["$defs"][reference.removeprefix("#/$defs/")], **node}
    if not path:
        return True
    if isinstance(node.get("items"), dict):
        return _exists(root, node["items"], path)
    properties = node.get("properties", {})
    if path[0] in properties:
        return _exists(root, properties[path[0]], path[1:])
    return node.get("additionalProperties") is not False and node.get("type") == "object"
