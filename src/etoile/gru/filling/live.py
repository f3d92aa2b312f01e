"""What changes on a page when an answer does: the questions to add, to take away, to draw again. The others are left
alone, with what is being typed in them.

A page names what it shows, each with a mark of how it is drawn; the same form without a script is sent whole, and gives
the same questions.
"""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from etoile.design.fields import FieldView
from etoile.gru.filling.sheets import Part


@dataclass(frozen=True, slots=True)
class Node:
    """An element of the page (`id`), and the elements inside it, by container."""

    id: str
    mark: str
    part: Part | None = None
    view: FieldView | None = None
    inside: tuple[tuple[str, tuple["Node", ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Added:
    """A new element and where it goes: `afterend:#<element>` or `afterbegin:#<container>`."""

    place: str
    node: Node


@dataclass
class Changes:
    gone: list[str] = field(default_factory=list)
    added: list[Added] = field(default_factory=list)
    redrawn: list[Node] = field(default_factory=list)


def nodes(parts: Iterable[Part]) -> tuple[Node, ...]:
    return tuple(
        Node(f"partie-{part.id}", "", part=part, inside=((f"partie-{part.id}-questions", _questions(part.fields)),))
        for part in parts
    )


def shown(parts: Iterable[Part]) -> str:
    """What a page shows, for it to say so when it saves: `<element>:<mark>`, what contains before what is inside."""
    return " ".join(f"{node.id}:{node.mark}" for node in _all(nodes(parts)))


def changes(parts: Iterable[Part], before: str) -> Changes:
    """From what the page says it shows to what it must show."""
    tree = nodes(parts)
    old = dict(token.rpartition(":")[::2] for token in before.split())
    now = {node.id for node in _all(tree)}
    found = Changes(gone=[identifier for identifier in reversed(old) if identifier not in now])
    _compare(tree, "questions", old, found)
    return found


def _compare(level: Sequence[Node], container: str, old: dict[str, str], found: Changes) -> None:
    place = f"afterbegin:#{container}"
    for node in level:
        if node.id not in old:
            found.added.append(Added(place, node))
        elif node.mark != old[node.id]:
            found.redrawn.append(node)
        else:
            for inner, children in node.inside:
                _compare(children, inner, old, found)
        place = f"afterend:#{node.id}"


def _questions(views: Iterable[FieldView]) -> tuple[Node, ...]:
    return tuple(
        Node(
            f"q-{view.id}",
            _mark(view),
            view=view,
            inside=tuple((f"{row.id}-questions", _questions(row.fields)) for row in view.blocks),
        )
        for view in views
    )


def _all(level: Iterable[Node]) -> Iterator[Node]:
    for node in level:
        yield node
        for _container, children in node.inside:
            yield from _all(children)


def _mark(view: FieldView) -> str:
    """How it is drawn, whatever was answered: what a person typed is never drawn again under their fingers."""
    computed = view.value if view.widget in _COMPUTED else ""
    told = (view.facts, view.note, view.status, view.attach)
    drawn = (view.label, view.hint, view.required, view.add, view.multiple, str(computed), told)
    lists = (
        [(option.value, option.label) for option in view.options],
        [each.remove for each in view.attached],
        [row.value for row in view.blocks],
        [_mark(part) for part in view.parts],
    )
    return f"{zlib.crc32(repr((drawn, lists)).encode()):08x}"


_COMPUTED = frozenset({"calculated", "found"})
