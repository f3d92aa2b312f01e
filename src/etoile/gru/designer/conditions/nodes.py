"""A tree of conditions as the page holds it: read from a definition or from what was posted, changed by the buttons.

A node is named by its path: `c` is the whole, `c.0` its first condition, `c.0.1`… A group posts `<path>.group`, a
comparison `<path>.field`, `<path>.op`, `<path>.value`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made
from typing import Any

from django.http import QueryDict

from etoile.expressions.conditions import MAX_DEPTH, MAX_LEAVES

ROOT = "c"
GROUPS = ("all", "any", "not")


@dataclass
class Leaf:
    """`values` are texts as posted; empty while nothing is chosen."""

    field: str = ""
    op: str = ""
    values: list[str] = made(default_factory=list)


@dataclass
class Group:
    kind: str = "all"
    children: list["Node"] = made(default_factory=list)


Node = Leaf | Group


def of_tree(tree: Mapping[str, Any] | None) -> Group:
    """A group, always: a lone comparison is the one condition of its group."""
    if not tree:
        return Group("all", [Leaf()])
    node = _node(tree)
    return node if isinstance(node, Group) else Group("all", [node])


def _node(tree: Mapping[str, Any]) -> Node:
    for kind in GROUPS:
        if kind in tree:
            children = tree[kind] if isinstance(tree[kind], list) else [tree[kind]]
            return Group(kind, [_node(each) for each in children])
    value = tree.get("value")
    values = value if isinstance(value, list) else [] if value is None else [value]
    return Leaf(str(tree.get("field", "")), str(tree.get("op", "")), [_text(each) for each in values])


def _text(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def of_post(data: QueryDict) -> Group:
    """What was posted, at most as large as a condition may be."""
    left = [MAX_LEAVES]
    node = _posted(data, ROOT, 1, left)
    return node if isinstance(node, Group) else Group()


def _posted(data: QueryDict, path: str, depth: int, left: list[int]) -> Node | None:
    if f"{path}.group" in data:
        kind = data.get(f"{path}.group", "")
        group = Group(kind if kind in GROUPS else "all")
        number = 0
        while depth < MAX_DEPTH and left[0] > 0:
            child = _posted(data, f"{path}.{number}", depth + 1, left)
            if child is None:
                break
            group.children.append(child)
            number += 1
        return group
    if f"{path}.field" not in data:
        return None
    left[0] -= 1
    return Leaf(data.get(f"{path}.field", ""), data.get(f"{path}.op", ""), data.getlist(f"{path}.value")[:MAX_LEAVES])


def act(root: Group, action: str, path: str) -> str:
    """Do what a button says: `add`, `group`, `remove`, `reset`, `pick`. The path of what to look at next."""
    if action in ("add", "group"):
        group = _find(root, path)
        if not isinstance(group, Group):
            return ROOT
        group.children.append(Leaf() if action == "add" else Group("any", [Leaf(), Leaf()]))
        return f"{path}.{len(group.children) - 1}"
    parent, number = _parent(root, path)
    if parent is None:
        return ROOT
    if action == "remove":
        del parent.children[number]
        return path.rpartition(".")[0]
    if action == "reset":
        parent.children[number] = Leaf()
    return path


def _find(root: Group, path: str) -> Node | None:
    node: Node = root
    for part in path.split(".")[1:]:
        if not isinstance(node, Group) or not part.isdecimal() or int(part) >= len(node.children):
            return None
        node = node.children[int(part)]
    return node


def _parent(root: Group, path: str) -> tuple[Group | None, int]:
    above, _dot, last = path.rpartition(".")
    parent = _find(root, above) if above else None
    if not isinstance(parent, Group) or not last.isdecimal() or int(last) >= len(parent.children):
        return None, 0
    return parent, int(last)
