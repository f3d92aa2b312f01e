"""The names that an expression reads (`event.data.case.reference`), and what the contract says of each.

Only what is certain is said: a name the contract does not have, a comparison that can never hold, a branch that is
never taken. What comes out of a calculation has no known shape, and nothing is said of it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from etoile.expressions.limits import tokens
from etoile.sdk.mapping.shapes import Shape, nearest, step

_LOOPS = frozenset({"map", "filter", "all", "exists", "exists_one"})
_COMPARED = {"string": (str,), "integer": (int, float), "number": (int, float), "boolean": (bool,)}

Token = tuple[str, str]
Scope = Mapping[str, Shape | None]


@dataclass(slots=True)
class Reading:
    """`faults` keep the expression from ever working as written, `remarks` do not. `whole`: the shape, when the
    expression is one path and nothing else. `path` is then that path."""

    faults: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    whole: Shape | None = None
    path: str = ""
    needed: list[str] = field(default_factory=list)
    """Paths from a variable of known shape, read without asking first whether they are there."""
    seen: list[str] = field(default_factory=list)
    """All the paths read from a variable of known shape."""


@dataclass(slots=True)
class _Chain:
    path: str
    shape: Shape | None
    end: int
    fault: str = ""
    optional: str = ""
    """The first part of the path that some messages do not have."""


def read(source: str, scope: Scope) -> Reading:
    """What can be said of a CEL source that compiles. `scope`: the shape of each variable, None when unknown."""
    if not any(scope.values()):
        return Reading()
    found, reading = tokens(source), Reading()
    bound: list[tuple[str, Shape | None] | None] = []
    lists: dict[int, Shape | None] = {}
    asked = {chain.path for chain in _asked(found)}
    for place, (kind, text) in enumerate(found):
        if text in ("(", "[", "{"):
            bound.append(_binding(found, place, lists) if text == "(" else None)
        elif text in (")", "]", "}") and bound:
            bound.pop()
        elif kind == "name" and _starts(found, place):
            names = {**scope, **dict(each for each in bound if each)}
            if text in names:
                chain = _follow(found, place, names[text])
                lists[chain.end + 2] = chain.shape.items() if chain.shape else None
                _say(reading, chain, found, asked)
                if names[text] is not None:
                    path = re.sub(r"\[.*?\]", "", chain.path)
                    reading.seen.append(path)
                    reading.needed += [] if _provided(chain.path, asked) else [path]
                if place == 0 and chain.end == len(found):
                    reading.whole, reading.path = chain.shape, chain.path
            elif text in ("true", "false"):
                _say_constant(reading, found, place, text)
    return reading


def _say(reading: Reading, chain: _Chain, found: list[Token], asked: set[str]) -> None:
    if chain.fault:
        reading.faults.append(chain.fault)
    elif chain.shape is not None and (fault := _comparison(found, chain)):
        reading.faults.append(fault)
    elif chain.optional and not _provided(chain.optional, asked):
        reading.remarks.append(
            f"« {chain.optional} » manque dans certains messages : écrire has({chain.optional}) ? … : null, ou $value."
        )


def _say_constant(reading: Reading, found: list[Token], place: int, text: str) -> None:
    before, after = _text(found, place - 1), _text(found, place + 1)
    if after == "?" and before in ("", "(", "[", ",", ":", "?"):
        branch = "après « : »" if text == "true" else "avant « : »"
        reading.faults.append(
            f"La condition est toujours {'vraie' if text == 'true' else 'fausse'} : ce qui est {branch} ne sert jamais."
        )


def _provided(path: str, asked: set[str]) -> bool:
    return any(path == each or each.startswith(f"{path}.") or path.startswith(f"{each}.") for each in asked)


def _asked(found: list[Token]) -> Iterator[_Chain]:
    for place, (_, text) in enumerate(found):
        if text == "has" and _text(found, place + 1) == "(" and _kind(found, place + 2) == "name":
            yield _follow(found, place + 2, None)


def _starts(found: list[Token], place: int) -> bool:
    return _text(found, place - 1) != "." and _text(found, place + 1) != "("


def _binding(found: list[Token], place: int, lists: Mapping[int, Shape | None]) -> tuple[str, Shape | None] | None:
    loop = _text(found, place - 2) == "." and _text(found, place - 1) in _LOOPS and _text(found, place + 2) == ","
    return (_text(found, place + 1), lists.get(place)) if loop else None


def _follow(found: list[Token], place: int, shape: Shape | None) -> _Chain:
    chain = _Chain(found[place][1], shape, place + 1)
    while not chain.fault:
        here, after = _text(found, chain.end), chain.end + 1
        if here == "." and _kind(found, after) == "name" and _text(found, after + 1) != "(":
            name: str | None = _text(found, after)
            taken, written = 2, f".{name}"
        elif here == "[" and _kind(found, after) in ("text", "number") and _text(found, after + 1) == "]":
            value = _literal(_text(found, after))
            name, taken, written = (value if isinstance(value, str) else None), 3, f"[{_text(found, after)}]"
        else:
            break
        if chain.shape is not None:
            chain.shape, chain.fault = step(chain.shape, name, chain.path)
        chain.path, chain.end = chain.path + written, chain.end + taken
        if chain.shape is not None and chain.shape.optional and not chain.optional:
            chain.optional = chain.path
    return chain


def _comparison(found: list[Token], chain: _Chain) -> str:
    sign = _text(found, chain.end) + _text(found, chain.end + 1)
    place = chain.end + 2
    if sign not in ("==", "!=") or _text(found, place + 1) == ".":
        return ""
    if _kind(found, place) not in ("text", "number") and _text(found, place) not in ("true", "false"):
        return ""
    value, shape = _literal(_text(found, place)), chain.shape
    kinds = _COMPARED.get(shape.type or "") if shape else None
    if shape is None or value is None or kinds is None:
        return ""
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        return f"« {chain.path} » est {shape.words} : il n'est jamais égal à {_text(found, place)}."
    if shape.choices and value not in shape.choices:
        near = nearest(str(value), shape.choices)
        words = f"« {near} » ?" if near else f"il vaut {', '.join(str(each) for each in shape.choices)}."
        return f"« {chain.path} » ne vaut jamais « {value} » : {words}"
    return ""


def _literal(text: str) -> object:
    if text in ("true", "false"):
        return text == "true"
    try:
        value: object = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    return value if isinstance(value, str | int | float) else None


def _text(found: list[Token], place: int) -> str:
    return found[place][1] if 0 <= place < len(found) else ""


def _kind(found: list[Token], place: int) -> str:
    return found[place][0] if 0 <= place < len(found) else ""
