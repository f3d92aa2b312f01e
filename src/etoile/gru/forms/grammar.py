"""The keys of a procedure's data in the order people read them: what makes its canonical form and its JSON Schema.

`parsing` says what is wrong with data and where; here is only their form. A test keeps the two together.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from etoile.gru.forms.texts import Text

Schema = dict[str, Any]
IDENTIFIER, SLUG, DURATION = (
    "[a-z][a-z0-9_]{0,63}",
    "[a-z0-9]+(-[a-z0-9]+)*",
    "P(?!$)([0-9]{1,3}Y)?([0-9]{1,3}M)?([0-9]{1,4}D)?",
)


class Kind:
    """What a value is. `canonical` writes it in the one way that is kept; None when it says nothing."""

    def canonical(self, value: Any) -> Any:
        return None if value == "" else value

    def schema(self) -> Schema:
        return {}


@dataclass(frozen=True, slots=True)
class Word(Kind):
    """A text that no person reads: an identifier, a choice. Also a sentence in one language."""

    pattern: str = ""
    among: Sequence[str] = ()

    def canonical(self, value: Any) -> Any:
        return value.strip() or None if isinstance(value, str) else value

    def schema(self) -> Schema:
        if self.among:
            return {"enum": list(self.among)}
        return {"type": "string", **({"pattern": f"^{self.pattern}$"} if self.pattern else {})}


class Words(Kind):
    """What people read: `{fr, en, …}`, or the French alone."""

    def canonical(self, value: Any) -> Any:
        raw = Text.of(value).raw()
        return raw if len(raw) > 1 else raw["fr"] or None

    def schema(self) -> Schema:
        return {"$ref": "#/$defs/text"}


@dataclass(frozen=True, slots=True)
class Flag(Kind):
    default: bool = False

    def canonical(self, value: Any) -> Any:
        return None if value is self.default else value

    def schema(self) -> Schema:
        return {"type": "boolean", "default": self.default}


@dataclass(frozen=True, slots=True)
class Whole(Kind):
    minimum: int
    maximum: int

    def schema(self) -> Schema:
        return {"type": "integer", "minimum": self.minimum, "maximum": self.maximum}


class Condition(Kind):
    def canonical(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            ordered = [key for key in ("all", "any", "not", "field", "op", "value") if key in value]
            return {key: self.canonical(value[key]) if key in ("all", "any", "not") else value[key] for key in ordered}
        return [self.canonical(each) for each in value] if isinstance(value, list) else value

    def schema(self) -> Schema:
        return {"$ref": "#/$defs/condition"}


@dataclass(frozen=True, slots=True)
class Items(Kind):
    """A list of things of one kind; `uses`: each may be a shared block instead, included by its name."""

    each: Kind
    uses: bool = False

    def canonical(self, value: Any) -> Any:
        return [self.each.canonical(item) for item in value] or None

    def schema(self) -> Schema:
        item = self.each.schema()
        return {"type": "array", "items": {"anyOf": [item, {"$ref": "#/$defs/use"}]} if self.uses else item}


@dataclass(frozen=True, slots=True)
class Named(Kind):
    """Things of one kind, each under its name."""

    each: Kind

    def canonical(self, value: Any) -> Any:
        return {name: self.each.canonical(value[name]) for name in sorted(value)} or None

    def schema(self) -> Schema:
        return {"type": "object", "additionalProperties": self.each.schema()}


class Free(Kind):
    """What belongs to the type of a field: see `exchange` for its order, `data_schema` for its keys."""

    def schema(self) -> Schema:
        return {"type": "object"}


@dataclass(frozen=True, slots=True)
class Key:
    name: str
    kind: Kind
    words: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Node(Kind):
    """A set of keys. `name` is that of its definition in the schema; `finish` ends its canonical form."""

    name: str
    keys: Sequence[Key]
    finish: Callable[[dict[str, Any]], dict[str, Any]] = lambda found: found

    def canonical(self, value: Any) -> Any:
        found = {}
        for key in self.keys:
            given = value.get(key.name)
            kept = None if given is None else key.kind.canonical(given)
            if kept is not None:
                found[key.name] = kept
        return self.finish(found) or None

    def schema(self) -> Schema:
        return {"$ref": f"#/$defs/{self.name}"}

    def definition(self) -> Schema:
        """The schema itself, for the list of definitions."""
        properties = {
            key.name: {**key.kind.schema(), **({"description": key.words} if key.words else {})} for key in self.keys
        }
        required = [key.name for key in self.keys if key.required]
        return {
            "type": "object",
            "properties": properties,
            **({"required": required} if required else {}),
            "additionalProperties": False,
        }


class Later(Kind):
    """A node that holds itself: the fields of a field."""

    def __init__(self, find: Callable[[], Kind]) -> None:
        self._find = find

    def canonical(self, value: Any) -> Any:
        return self._find().canonical(value)

    def schema(self) -> Schema:
        return self._find().schema()


def nodes(root: Node) -> dict[str, Node]:
    """Every node under this one, by name."""
    found: dict[str, Node] = {}
    waiting: list[Kind] = [root]
    while waiting:
        kind = waiting.pop()
        if isinstance(kind, Node) and kind.name not in found:
            found[kind.name] = kind
            waiting.extend(key.kind for key in kind.keys)
        elif isinstance(kind, Items | Named):
            waiting.append(cast(Kind, kind.each))
    return found
