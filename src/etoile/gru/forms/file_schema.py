"""The JSON Schema (2020-12) of a procedure's YAML file, made from the table of its keys and from the types of field."""

import json
from typing import Any

from etoile.expressions import conditions
from etoile.gru.forms.blocks import names
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.grammar import Schema, nodes
from etoile.gru.forms.layout import PROCEDURE

_JSON_TYPES: dict[Any, str] = {str: "string", int: "integer", bool: "boolean", list: "array", dict: "object"}


def file_schema() -> Schema:
    definitions = {name: node.definition() for name, node in sorted(nodes(PROCEDURE).items())}
    definitions["field"]["allOf"] = [_settings_of(name) for name in sorted(TYPES)]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Démarche",
        "description": "A procedure of Étoile, as one YAML file. Meaning of each key: docs/procedures.md.",
        **PROCEDURE.schema(),
        "$defs": {**definitions, "text": _text(), "condition": _condition(), "use": _use()},
    }


def written_schema() -> str:
    return json.dumps(file_schema(), ensure_ascii=False, indent=1) + "\n"


def _settings_of(name: str) -> Schema:
    kind = TYPES[name]
    settings = {
        "type": "object",
        "properties": {key: _setting(wanted) for key, wanted in kind.settings.items()},
        "additionalProperties": False,
    }
    forbidden = {key: False for key, has in (("options", kind.has_options), ("fields", kind.has_fields)) if not has}
    return {
        "if": {"properties": {"type": {"const": name}}, "required": ["type"]},
        "then": {"properties": {"settings": settings, **forbidden}},
    }


def _setting(wanted: Any) -> Schema:
    if wanted == (str, dict):
        return {"$ref": "#/$defs/text"}
    kinds = wanted if isinstance(wanted, tuple) else (wanted,)
    found = ["number" if kind is float else _JSON_TYPES[kind] for kind in kinds]
    return {"type": found[0] if len(found) == 1 else found}


def _text() -> Schema:
    return {
        "description": "What people read: French alone, or {fr, en, …}.",
        "anyOf": [
            {"type": "string"},
            {
                "type": "object",
                "patternProperties": {"^[a-z]{2,3}$": {"type": "string"}},
                "required": ["fr"],
                "additionalProperties": False,
            },
        ],
    }


def _condition() -> Schema:
    itself = {"$ref": "#/$defs/condition"}
    several = {"type": "array", "items": itself, "minItems": 1}
    groups = [
        {"properties": {name: several}, "required": [name], "additionalProperties": False} for name in ("all", "any")
    ]
    refused = {"properties": {"not": {"anyOf": [itself, several]}}, "required": ["not"], "additionalProperties": False}
    leaf = {
        "properties": {
            "field": {"type": "string"},
            "op": {"enum": list(conditions.OPERATORS)},
            "value": {"type": ["string", "number", "boolean", "array"]},
        },
        "required": ["field", "op"],
        "additionalProperties": False,
    }
    return {"type": "object", "anyOf": [*groups, refused, leaf]}


def _use() -> Schema:
    return {
        "description": "A shared block, included by its name.",
        "type": "object",
        "properties": {"use": {"enum": names()}},
        "required": ["use"],
        "additionalProperties": False,
    }
