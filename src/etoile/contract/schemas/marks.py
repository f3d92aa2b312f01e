"""Where a schema carries a mark `x-etoile-kind`, and how to change what is there."""

from collections.abc import Callable, Iterator
from typing import Any

EVERY = "*"
Place = tuple[str, ...]
"""Names from the root of the data; EVERY stands for each item of a list."""


def places(schema: dict[str, Any], kind: str) -> Iterator[Place]:
    """Every place marked `kind`, references inside the schema followed (no schema of the contract recurses)."""
    yield from _walk(schema, schema, kind, ())


def applied(value: Any, place: Place, change: Callable[[Any], Any]) -> Any:
    """`value` with `change` applied at `place`: the same object when nothing is there, else a copy of the way there."""
    if not place:
        return change(value)
    name, rest = place[0], place[1:]
    if name == EVERY:
        return [applied(each, rest, change) for each in value] if isinstance(value, list) and value else value
    if not isinstance(value, dict) or name not in value:
        return value
    changed = applied(value[name], rest, change)
    return value if changed is value[name] else {**value, name: changed}


def found(value: Any, place: Place) -> Iterator[Any]:
    """What `value` holds at `place`."""
    if not place:
        yield value
    elif place[0] == EVERY:
        for each in value if isinstance(value, list) else ():
            yield from found(each, place[1:])
    elif isinstance(value, dict) and place[0] in value:
        yield from found(value[place[0]], place[1:])


def _walk(root: dict[str, Any], node: dict[str, Any], kind: str, place: Place) -> Iterator[Place]:
    reference = node.get("$ref")
    if reference:
        node = {**root["$defs"][reference.removeprefix("#/$defs/")], **node}
    if node.get("x-etoile-kind") == kind:
        yield place
    for name, child in node.get("properties", {}).items():
        yield from _walk(root, child, kind, (*place, name))
    if isinstance(node.get("items"), dict):
        yield from _walk(root, node["items"], kind, (*place, EVERY))
