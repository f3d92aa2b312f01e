"""The line of each place of a YAML text, so that what is wrong can be found where it was written."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

Place = tuple[str | int, ...]
"""Names and ranks from the root of the tree."""


def line_of(lines: dict[Place, int], place: Place) -> int | None:
    """The line of a place, or of the nearest one around it."""
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place)


def walk(node: yaml.Node, place: Place, lines: dict[Place, int]) -> Iterator[tuple[Place, int]]:
    """Notes the line of each place of a YAML tree in `lines`, and gives the names written twice, with their line."""
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        for index, child in enumerate(node.value):
            yield from walk(child, (*place, index), lines)
    if isinstance(node, yaml.MappingNode):
        names: set[str] = set()
        for key, child in node.value:
            inner = (*place, str(key.value))
            if inner[-1] in names:
                yield inner, key.start_mark.line + 1
            names.add(str(inner[-1]))
            lines[inner] = key.start_mark.line + 1
            yield from walk(child, inner, lines)
