"""The data of each message: JSON Schema 2020-12, one folder per type, one file and one example per version.

A schema is self-contained, titled in French (`title`) and English (`x-title-en`). Three marks are for the hub:
`"x-etoile-kind": "person"` on a person's identifier (rewritten for each application), `"document"` on a document (its
`url` is signed at each attempt), `"open"` on what is known to say nothing of a person (all else is kept from the hub's
own records); `rewrite` applies a function at the marked places of one event, `marked` gives what is there.

An additive change keeps its version; anything else is a new file `v2.json`, and both live.
"""

import copy
import json
from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Any

import jsonschema_rs

from etoile.contract.envelope import Event
from etoile.contract.problem import Violation
from etoile.contract.schemas import marks, words

PREFIX = "org.etoile."
_FOLDER = resources.files(__name__)


class UnknownType(LookupError):
    """The contract has no message of this type."""


def _types() -> tuple[str, ...]:
    found = []
    for folder in _FOLDER.iterdir():
        if folder.is_dir() and not folder.name.startswith("_"):
            for file in folder.iterdir():
                version, _, rest = file.name.partition(".")
                if rest == "json":
                    found.append(f"{PREFIX}{folder.name}.{version}")
    return tuple(sorted(found))


MESSAGE_TYPES: tuple[str, ...] = _types()
"""Every type of the contract, such as `org.etoile.case.submitted.v1`, sorted."""


def schema(type: str) -> dict[str, Any]:
    """The JSON Schema of the `data` of a type; a copy, free to modify. Raises UnknownType."""
    return copy.deepcopy(_schema(type))


def example(type: str) -> Event:
    """A complete event of a type, with invented values. Raises UnknownType."""
    return Event.from_json(_read(type, ".example.json"))


def violations(event: Event) -> list[Violation]:
    """What is wrong with the data of an event, in plain words; pointers start with "/data". Empty when all is well.

    The words never repeat a value that was sent. An unknown type is one violation, at "/type".
    """
    try:
        validator = _validator(event.type)
    except UnknownType:
        return [Violation("/type", "The contract has no message of this type.")]
    if validator.is_valid(event.data):
        return []
    return [found for error in validator.iter_errors(event.data) for found in words.of(error)]


def rewrite(event: Event, kind: str, change: Callable[[Any], Any]) -> Event:
    """The event with `change` applied to each value marked `x-etoile-kind: kind` ("person" or "document").

    The data given is left as it is. An unknown type has no mark. What `change` raises goes through.
    """
    places = _marks(event.type, kind) if event.type in MESSAGE_TYPES else ()
    data = event.data
    for place in places:
        data = marks.applied(data, place, change)
    return event if data is event.data else event.with_data(data)


def marked(event: Event, kind: str) -> list[Any]:
    """The values of one event marked `x-etoile-kind: kind`. An unknown type has no mark."""
    places = _marks(event.type, kind) if event.type in MESSAGE_TYPES else ()
    return [value for place in places for value in marks.found(event.data, place)]


@cache
def _schema(type: str) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(_read(type, ".json"))
    return parsed


@cache
def _validator(type: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(_schema(type), validate_formats=True, mask="…", offline=True)


@cache
def _marks(type: str, kind: str) -> tuple[marks.Place, ...]:
    return tuple(marks.places(_schema(type), kind))


def _read(type: str, suffix: str) -> bytes:
    if type not in MESSAGE_TYPES:
        raise UnknownType(f"{type} is not a message type of the contract")
    name, _, version = type.removeprefix(PREFIX).rpartition(".")
    return (_FOLDER / name / f"{version}{suffix}").read_bytes()
