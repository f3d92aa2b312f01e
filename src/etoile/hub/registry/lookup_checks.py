"""Does a lookup of a star file make sense; and what a connector says of the settings it is given."""

from collections import abc
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import jsonschema_rs
from django.conf import settings
from pydantic import ValidationError

from etoile.hub.registry.star import LookupPart, ProviderPart, SubscriptionPart
from etoile.sdk import Connector, Mapping
from etoile.sdk.lines import Place
from etoile.sdk.places import Folders

Found = Iterator[tuple[Place, str]]
# What a mapping of a provider sees: the question, and what the provider said.
VARIABLES = ("query", "data")


def check(parts: Sequence[LookupPart], applications: Collection[str], connectors: abc.Mapping[str, Connector]) -> Found:
    for index, part in enumerate(parts):
        place: Place = ("lookups", index)
        for name in ("query", "answer"):
            yield from _schema(getattr(part, name), (*place, name))
        yield from _readers(part, place, applications)
        for rank, provider in enumerate(part.providers):
            yield from _provider(part, provider, rank, (*place, "providers", rank), applications)
            yield from settings_of(provider, (*place, "providers", rank), connectors)
            yield from _looks_up(provider, (*place, "providers", rank, "connector"), connectors)


def settings_of(part: SubscriptionPart | ProviderPart, place: Place, connectors: abc.Mapping[str, Connector]) -> Found:
    """The connector is installed, and accepts its configuration."""
    connector = connectors.get(part.connector)
    if connector is None:
        yield (
            (*place, "connector"),
            f"the connector {part.connector} is not installed; there are: {', '.join(sorted(connectors))}",
        )
        return
    try:
        connector.configured(part.configuration, Folders(settings.HUB_ALLOWED_FOLDERS))
    except ValidationError as error:
        for each in error.errors(include_url=False, include_input=False):
            yield (*place, "configuration", *each["loc"]), f"{part.connector}: {each['msg']}"


def _schema(schema: dict[str, Any], place: Place) -> Found:
    try:
        jsonschema_rs.Draft202012Validator(schema, offline=True)
    except (ValueError, jsonschema_rs.ReferencingError) as error:
        yield place, f"is not a JSON Schema: {getattr(error, 'message', None) or error}"
        return
    if schema.get("type") != "object":
        yield (*place, "type"), "a question and its answer are objects: type: object"


def _readers(part: LookupPart, place: Place, applications: Collection[str]) -> Found:
    for rank, reader in enumerate(part.readers):
        where: Place = (*place, "readers", rank)
        if reader.application not in applications:
            yield (*where, "application"), f"the application {reader.application} is not known"
        if reader.application in [each.application for each in part.readers[:rank]]:
            yield (*where, "application"), f"{reader.application} is written twice"
        for number, purpose in enumerate(reader.purposes):
            if purpose not in part.purposes:
                yield (*where, "purposes", number), f"the purpose {purpose} is not declared by this lookup"


def _provider(
    part: LookupPart, provider: ProviderPart, rank: int, place: Place, applications: Collection[str]
) -> Found:
    if provider.slug in [each.slug for each in part.providers[:rank]]:
        yield (*place, "slug"), f"{provider.slug} is written twice"
    if provider.application not in applications:
        yield (*place, "application"), f"the application {provider.application} is not known"
    if provider.timeout is not None and provider.timeout > part.timeout:
        yield (*place, "timeout"), "is at most that of the lookup: nobody waits longer"
    if provider.circuit.longest < provider.circuit.pause:
        yield (*place, "circuit", "longest"), "is at least as long as the first pause"
    if provider.mapping is not None:
        for violation in Mapping.check(provider.mapping, variables=VARIABLES).violations:
            yield (*place, "mapping", *violation.pointer.split("/")[1:]), violation.detail


def _looks_up(provider: ProviderPart, place: Place, connectors: abc.Mapping[str, Connector]) -> Found:
    connector = connectors.get(provider.connector)
    if connector is not None and "lookup" not in connector.capabilities:
        able = ", ".join(sorted(name for name, each in connectors.items() if "lookup" in each.capabilities))
        yield place, f"the connector {provider.connector} answers no question; those that do: {able or 'none'}"
