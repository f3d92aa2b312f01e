"""What changes from one version to another, element by element: each is known by its stable identifier, wherever it
went."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from etoile.gru.forms.editing.source import Node, Source

# What an element holds that is compared by itself.
_INSIDE = {"sections", "fields", "pages", "documents", "declarations", "id"}
_LISTED = ("document", "declaration", "ineligible")
PROCEDURE = "procedure"
ADDED, REMOVED, CHANGED, MOVED = "added", "removed", "changed", "moved"


@dataclass(frozen=True, slots=True)
class Detail:
    """One property (`label`, `settings.maximum`), as the source has it before and after; None when it has none."""

    key: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Difference:
    """`how`: added, removed, changed or moved. `kind`: page, section, field, document, declaration, ineligible, or
    procedure for the rest. `node` is the element as it is after, or as it was when it is removed."""

    how: str
    kind: str
    id: str
    node: Node
    details: tuple[Detail, ...] = ()


def differences(before: Node, after: Node) -> list[Difference]:
    """In the order of the new version; what is removed comes last. Empty when the two say the same."""
    old, new = _elements(before), _elements(after)
    moved = _moved(old, new)
    found = [*_of_procedure(before, after)]
    for key, (node, _holder) in new.items():
        details = tuple(_details(old[key][0], node)) if key in old else ()
        if key not in old:
            found.append(Difference(ADDED, *key, node))
        elif details:
            found.append(Difference(CHANGED, *key, node, details))
        elif key in moved:
            found.append(Difference(MOVED, *key, node))
    return [*found, *(Difference(REMOVED, *key, node) for key, (node, _holder) in old.items() if key not in new)]


Key = tuple[str, str]
# Each element, with what holds it.
Elements = dict[Key, tuple[Node, str]]


def _elements(source: Node) -> Elements:
    found: Elements = {}
    for place in Source(source).walk():
        holder = str(place.parent.node.get("id")) if place.parent else ""
        found[place.kind, str(place.node.get("id"))] = (place.node, holder)
    for kind in _LISTED:
        for node in Source(source).listed_now(kind):
            found[kind, str(node.get("id"))] = (node, "")
    return found


def _moved(old: Elements, new: Elements) -> set[Key]:
    """What is held elsewhere, or no longer in the same order among those that stayed; an addition moves nothing."""
    moved = {key for key, (_node, holder) in new.items() if key in old and old[key][1] != holder}
    stayed = [key for key in new if key in old and key not in moved]
    for held in {(key[0], new[key][1]) for key in stayed}:
        now = [key for key in stayed if (key[0], new[key][1]) == held]
        was = [key for key in old if key in set(now)]
        blocks = SequenceMatcher(a=was, b=now, autojunk=False).get_matching_blocks()
        moved |= set(now) - {key for block in blocks for key in now[block.b : block.b + block.size]}
    return moved


def _of_procedure(before: Node, after: Node) -> Iterator[Difference]:
    details = tuple(_details(before, after, skipped={*_INSIDE, "ineligible"}))
    if details:
        yield Difference(CHANGED, PROCEDURE, str(after.get("slug", "")), after, details)


def _details(before: Node, after: Node, skipped: set[str] | None = None, under: str = "") -> Iterator[Detail]:
    """Properties that differ; those that hold properties (settings, the register) are told one by one."""
    for key in dict.fromkeys([*before, *after]):
        was, now = before.get(key), after.get(key)
        if was == now or key in (_INSIDE if skipped is None else skipped):
            continue
        name = f"{under}{key}"
        if _holds(was) or _holds(now):
            yield from _details(was or {}, now or {}, set(), f"{name}.")
        else:
            yield Detail(name, was, now)


def _holds(value: Any) -> bool:
    """A set of properties, and neither a text nor a tree of conditions."""
    return isinstance(value, Mapping) and "fr" not in value and not {"all", "any", "not", "op"} & set(value)
