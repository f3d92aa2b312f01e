"""A question written by a person, on the screen or on a command line: texts, given the types that the schema wants."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Asked:
    """One value of a question, as it may be shown in a form."""

    name: str
    title: str
    hint: str
    required: bool


def values(schema: Mapping[str, Any]) -> list[Asked]:
    """What a question has, in the order of its schema."""
    required = schema.get("required", ())
    return [
        Asked(name, str(child.get("title", name)), str(child.get("description", "")), name in required)
        for name, child in schema.get("properties", {}).items()
    ]


def typed(schema: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    """The question. An empty text is a value that is not given; one that is not of its type is left as it is, for the
    schema to refuse."""
    properties = schema.get("properties", {})
    return {name: _typed(properties.get(name, {}), text.strip()) for name, text in texts.items() if text.strip()}


def _typed(schema: Mapping[str, Any], text: str) -> Any:
    wanted = schema.get("type", "string")
    names = wanted if isinstance(wanted, list) else [wanted]
    if "string" in names:
        return text
    if "boolean" in names and text.lower() in ("oui", "non", "true", "false"):
        return text.lower() in ("oui", "true")
    try:
        return json.loads(text)
    except ValueError:
        return text
