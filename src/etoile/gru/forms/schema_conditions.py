"""A tree of conditions said in JSON Schema, as far as it can: it compares no date, and knows no calculation."""

from collections.abc import Callable, Mapping
from typing import Any

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields import TYPES

Schema = dict[str, Any]


class Untold(Exception):
    """JSON Schema cannot say this condition."""


def condition(tree: Mapping[str, Any], known: Mapping[str, Field]) -> Schema:
    """A schema that answers fit exactly when the condition holds. `known` are the fields the answers may have."""
    if "all" in tree:
        return {"allOf": [condition(each, known) for each in tree["all"]]}
    if "any" in tree:
        return {"anyOf": [condition(each, known) for each in tree["any"]]}
    if "not" in tree:
        refused = tree["not"] if isinstance(tree["not"], list) else [tree["not"]]
        return {"not": {"anyOf": [condition(each, known) for each in refused]}}
    each = known.get(tree["field"])
    if each is None:
        raise Untold
    return _leaf(each, tree["op"], tree.get("value"))


def _leaf(each: Field, op: str, value: Any) -> Schema:
    name = each.id
    if op in ("filled", "empty"):
        filled = _has(name, {"minItems": 1} if each.fields else {})
        return filled if op == "filled" else {"not": filled}
    if each.fields:
        return _counted(name, op, value)
    shape = TYPES[each.type].schema(each)
    if op in ("includes", "excludes"):
        if shape.get("type") != "array":
            raise Untold
        included = _has(name, {"contains": {"const": value}})
        return included if op == "includes" else {"not": included}
    if op in _SAME:
        if shape.get("type") not in ("string", "integer", "number", "boolean") and "enum" not in shape:
            raise Untold
        return _SAME[op](name, value)
    if shape.get("type") not in ("integer", "number") or isinstance(value, str):
        raise Untold
    return _has(name, {_LIMITS[op]: value})


def _has(name: str, schema: Schema) -> Schema:
    return {"properties": {name: schema}, "required": [name]}


def _counted(name: str, op: str, value: Any) -> Schema:
    """Of the rows of a block: a block that is not there has none."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Untold
    at_least = [_has(name, {"minItems": count}) if count else {} for count in (value, value + 1)]
    found = {
        "gte": at_least[0],
        "gt": at_least[1],
        "lt": {"not": at_least[0]},
        "lte": {"not": at_least[1]},
        "equals": {"allOf": [at_least[0], {"not": at_least[1]}]},
        "not_equals": {"not": {"allOf": [at_least[0], {"not": at_least[1]}]}},
    }
    if op not in found:
        raise Untold
    return found[op]


_LIMITS = {"lt": "exclusiveMaximum", "lte": "maximum", "gt": "exclusiveMinimum", "gte": "minimum"}
_SAME: Mapping[str, Callable[[str, Any], Schema]] = {
    "equals": lambda name, value: _has(name, {"const": value}),
    "not_equals": lambda name, value: {"not": _has(name, {"const": value})},
    "in": lambda name, value: _has(name, {"enum": value}),
    "not_in": lambda name, value: {"not": _has(name, {"enum": value})},
}
