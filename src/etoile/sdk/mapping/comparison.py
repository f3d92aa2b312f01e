"""What changed between two versions of a mapping, for someone who reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from etoile.contract.problem import escape

_ABSENT: Any = object()


@dataclass(frozen=True, slots=True)
class Difference:
    """`kind`: "added", "removed" or "changed". Values are as they are written in the tree, None when there is none."""

    pointer: str
    kind: str
    before: Any = None
    after: Any = None

    def __str__(self) -> str:
        place = self.pointer or "/"
        if self.kind == "added":
            return f"+ {place} : {_shown(self.after)}"
        if self.kind == "removed":
            return f"- {place} : {_shown(self.before)}"
        return f"~ {place} : {_shown(self.before)} → {_shown(self.after)}"


def differences(before: Any, after: Any) -> list[Difference]:
    """In the order of the tree; a whole part that comes or goes is told once. The order of names says nothing."""
    return list(_between(before, after, ""))


def _between(before: Any, after: Any, pointer: str) -> Iterator[Difference]:
    if isinstance(before, dict) and isinstance(after, dict):
        for name in dict.fromkeys([*before, *after]):
            place = f"{pointer}/{escape(str(name))}"
            yield from _between(before.get(name, _ABSENT), after.get(name, _ABSENT), place)
    elif isinstance(before, list) and isinstance(after, list):
        for index in range(max(len(before), len(after))):
            one = before[index] if index < len(before) else _ABSENT
            other = after[index] if index < len(after) else _ABSENT
            yield from _between(one, other, f"{pointer}/{index}")
    elif before is _ABSENT:
        yield Difference(pointer, "added", None, after)
    elif after is _ABSENT:
        yield Difference(pointer, "removed", before)
    elif type(before) is not type(after) or before != after:
        yield Difference(pointer, "changed", before, after)


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
