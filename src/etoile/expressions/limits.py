"""A reading of CEL sources before they are compiled: sizes, nesting, and a step counter put into each loop.

The library that evaluates CEL cannot be interrupted. Its only loops are the five macros below, so counting their
steps is enough to bound the time of an evaluation: `guarded` writes a call into the body of each of them.
"""

import re
from dataclasses import dataclass, field

from etoile.expressions.errors import ExpressionError

MAX_LENGTH = 2000
MAX_DEPTH = 24
MAX_NESTED_MACROS = 2
STEP = "etoile_step"
COLLECT = "etoile_collect"

# macro -> (what counts its steps, what its body gives once they are spent). `all` and `exists` go on after an error but
# end on that value; `map` and `filter` build a list, whose cost here grows with the square of its length.
_MACROS = {
    "all": (STEP, "false"),
    "exists": (STEP, "true"),
    "exists_one": (STEP, "false"),
    "filter": (COLLECT, "false"),
    "map": (COLLECT, "null"),
}

_TOKEN = re.compile(
    r"""
      (?P<space>\s+|//[^\n]*)
    | (?P<text>(?:[rR][bB]?|[bB][rR]?)?(?:'''(?:\\.|[^\\])*?'''|\"{3}(?:\\.|[^\\])*?\"{3}
          |'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"))
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<number>[0-9][0-9A-Za-z_]*(?:\.[0-9][0-9A-Za-z_]*)?)
    | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_CLOSING = {"(": ")", "[": "]", "{": "}"}


@dataclass(slots=True)
class Loop:
    """One macro: where its body starts and ends in the source."""

    macro: str
    start: int = -1
    end: int = -1


@dataclass(slots=True)
class Reading:
    loops: list[Loop] = field(default_factory=list)
    bound: set[str] = field(default_factory=set)
    """Names that the macros give to the items."""


@dataclass(slots=True)
class _Bracket:
    opening: str
    loop: Loop | None
    commas: int = 0


def read(source: str) -> Reading:
    """Checks the limits and finds the loops. ExpressionError in French, with the column."""
    if len(source) > MAX_LENGTH:
        raise ExpressionError(f"L'expression dépasse {MAX_LENGTH} caractères.")
    if not source.strip():
        raise ExpressionError("L'expression est vide.")
    reading, stack = Reading(), list[_Bracket]()
    before: list[str] = ["", ""]
    for token in _TOKEN.finditer(source):
        if token.lastgroup == "space":
            continue
        text, place = token.group(), token.start()
        if token.lastgroup == "name" and stack and stack[-1].loop and stack[-1].commas == 0:
            reading.bound.add(text)
        elif token.lastgroup == "mark":
            _bracket(text, place, before, stack, reading)
        before = [before[1], text]
    return reading


def tokens(source: str) -> list[tuple[str, str]]:
    """The source in pieces, spaces and comments left out: ("text", "name", "number" or "mark", as written)."""
    found = ((token.lastgroup or "mark", token.group()) for token in _TOKEN.finditer(source))
    return [(kind, text) for kind, text in found if kind != "space"]


def guarded(source: str, reading: Reading) -> str:
    """The source with a call of STEP or COLLECT in the body of each loop."""
    inserts: list[tuple[int, str]] = []
    for loop in reading.loops:
        count, spent = _MACROS[loop.macro]
        inserts.append((loop.start, f"({count}()?("))
        # The line feed ends a comment that the body might finish with.
        inserts.append((loop.end, f"\n):{spent})"))
    for place, text in sorted(inserts, key=lambda insert: insert[0], reverse=True):
        source = source[:place] + text + source[place:]
    return source


def _bracket(mark: str, place: int, before: list[str], stack: list[_Bracket], reading: Reading) -> None:
    if mark in _CLOSING:
        _open(mark, place, before, stack)
    elif mark == "," and stack:
        _comma(place, stack[-1])
    elif mark in ")]}" and stack and _CLOSING[stack[-1].opening] == mark:
        bracket = stack.pop()
        if bracket.loop and bracket.loop.start >= 0:
            bracket.loop.end = place if bracket.loop.end < 0 else bracket.loop.end
            reading.loops.append(bracket.loop)


def _open(mark: str, place: int, before: list[str], stack: list[_Bracket]) -> None:
    loop = Loop(before[1]) if mark == "(" and before[0] == "." and before[1] in _MACROS else None
    stack.append(_Bracket(mark, loop))
    if len(stack) > MAX_DEPTH:
        raise ExpressionError(
            f"L'expression imbrique plus de {MAX_DEPTH} parenthèses (colonne {place + 1}).", column=place + 1
        )
    if sum(bracket.loop is not None for bracket in stack) > MAX_NESTED_MACROS:
        raise ExpressionError(
            f"L'expression imbrique plus de {MAX_NESTED_MACROS} boucles (map, filter, all, exists) : "
            f"colonne {place + 1}.",
            column=place + 1,
        )


def _comma(place: int, bracket: _Bracket) -> None:
    bracket.commas += 1
    if bracket.loop is None:
        return
    if bracket.commas == 1:
        bracket.loop.start = place + 1
    elif bracket.commas == 2:
        # map(x, condition, value): counting in the condition is enough, and it must stay a boolean.
        bracket.loop.macro, bracket.loop.end = "filter", place
