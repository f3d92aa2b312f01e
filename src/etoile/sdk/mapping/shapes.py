"""What the contract says is at a place of a message: its schema, walked by the names that an expression writes."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import Any

from etoile.contract import schemas

_TYPES = {
    "string": "un texte",
    "integer": "un nombre entier",
    "number": "un nombre",
    "boolean": "vrai ou faux",
    "object": "un objet",
    "array": "une liste",
}
_TEXT: dict[str, Any] = {"type": "string"}
_ENVELOPE: dict[str, Any] = {
    "type": "object",
    "properties": {
        **dict.fromkeys(("specversion", "id", "source", "type", "subject", "authority"), _TEXT),
        **dict.fromkeys(("datacontenttype", "correlationid", "dataschema", "receiver"), _TEXT),
        "time": {"type": "string", "format": "date-time"},
        "sequence": {"type": "integer"},
    },
    "required": ["specversion", "id", "source", "type", "subject", "authority", "time", "datacontenttype", "data"],
}


@dataclass(frozen=True, slots=True)
class Shape:
    """One place of a schema, references followed. `optional`: some messages do not have it."""

    root: dict[str, Any] = field(repr=False)
    node: dict[str, Any]
    optional: bool = False

    @property
    def type(self) -> str | None:
        found = self.node.get("type")
        return found if isinstance(found, str) else None

    @property
    def words(self) -> str:
        return _TYPES.get(self.type or "", "une valeur")

    @property
    def choices(self) -> list[Any]:
        """The only values that the contract allows here; empty when it does not say."""
        listed = self.node.get("enum")
        return list(listed) if isinstance(listed, list) else [self.node["const"]] if "const" in self.node else []

    @property
    def is_date(self) -> bool:
        return self.node.get("format") in ("date", "date-time")

    def items(self) -> Shape | None:
        items = self.node.get("items")
        return _resolved(self.root, items) if isinstance(items, dict) else None


def of_event(type: str) -> Shape:
    """The envelope of a message type of the contract. Raises UnknownType."""
    data = schemas.schema(type)
    properties = {**_ENVELOPE["properties"], "data": data, "type": {"type": "string", "enum": [type]}}
    return Shape(data, {**_ENVELOPE, "properties": properties})


def of_document(event: Shape) -> Shape | None:
    """A document of that message."""
    found = event.root.get("$defs", {}).get("document")
    return _resolved(event.root, found) if isinstance(found, dict) else None


def step(shape: Shape, name: str | None, path: str) -> tuple[Shape | None, str]:
    """One name further (None for an index): what is there, None when nobody can tell; and what is wrong, in French."""
    node = shape.node
    if name is None:
        return (shape.items(), "") if shape.type in ("array", None) else (None, f"« {path} » est {shape.words}.")
    if shape.type == "array":
        return None, f"« {path} » est une liste : choisir un élément ({path}[0].{name}) ou la parcourir."
    if shape.type not in ("object", None):
        return None, f"« {path} » est {shape.words} : il n'y a pas de « {name} » dedans."
    properties = node.get("properties", {})
    if name in properties:
        child = _resolved(shape.root, properties[name], name not in node.get("required", ()))
        return child, ""
    near = nearest(name, properties)
    closed = node.get("additionalProperties") is False
    if closed or (near and "data" in properties):
        return None, _unknown(path, name, near, list(properties))
    return None, ""


def nearest(name: str, known: Any) -> str:
    """The known name that was probably meant, or ""."""
    return next(iter(difflib.get_close_matches(name, [str(each) for each in known], n=1, cutoff=0.6)), "")


def _unknown(path: str, name: str, near: str, known: list[str]) -> str:
    if near:
        return f"« {path}.{name} » n'existe pas dans ce message : « {path}.{near} » ?"
    return f"« {path}.{name} » n'existe pas dans ce message ; il y a : {', '.join(known)}."


def _resolved(root: dict[str, Any], node: dict[str, Any], optional: bool = False) -> Shape:
    reference = node.get("$ref", "")
    if reference:
        node = {**root["$defs"][reference.removeprefix("#/$defs/")], **node}
    return Shape(root, node, optional)
