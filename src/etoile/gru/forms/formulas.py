"""The formulas of calculated fields: CEL over the answers, compiled once a source, which never raises on answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from etoile.expressions import ExpressionError, cel, limits
from etoile.expressions.errors import AbsentError

# `answers.x` is the same as `x`, and may be asked: `has(answers.x) ? answers.x : 0`.
ANSWERS = "answers"


# For all the formulas of a form together, in values read: under a second of one processor.
FORM_WORK = 40_000_000
_TOO_LONG = "Les calculs de ce formulaire lisent trop de réponses : celui-ci n'a pas été fait."


class Budget:
    """What the formulas of one form may still read. A person can send many rows, and rows have formulas too."""

    def __init__(self, work: int = FORM_WORK) -> None:
        self.left = work


@dataclass(frozen=True, slots=True)
class Outcome:
    """`value` is None while an answer it needs is missing; `failure`, in French, when the formula itself cannot be
    computed.
    """

    value: Any = None
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Formula:
    """`needed` are the identifiers of the fields it cannot do without; `asked` those it reads through `answers`."""

    needed: frozenset[str]
    asked: frozenset[str]
    _expression: cel.Expression

    @property
    def reads(self) -> frozenset[str]:
        return self.needed | self.asked

    def compute(self, answers: Mapping[str, Any], budget: Budget) -> Outcome:
        """With the answers known, by identifier; only those it reads are looked at."""
        if budget.left <= 0:
            return Outcome(failure=_TOO_LONG)
        given: dict[str, Any] = {name: answers[name] for name in self.needed if name in answers}
        complete = len(given) == len(self.needed)
        given[ANSWERS] = {name: answers[name] for name in self.asked if name in answers}
        try:
            prepared = cel.Prepared(given, budget.left)
        except ExpressionError as error:
            return Outcome(failure=str(error))
        try:
            return Outcome(self._expression.evaluate(prepared))
        except AbsentError:
            return Outcome()
        except ExpressionError as error:
            # A question left empty is no variable at all: what the library says of it is no mistake of the formula.
            return Outcome(failure=str(error)) if complete else Outcome()
        finally:
            budget.left -= prepared.spent


@lru_cache(maxsize=4096)
def formula(source: str) -> Formula:
    """Raises `ExpressionError`, in French."""
    asked = _asked(source)
    names = cel.names(source)
    expression = cel.compile(source, names)
    return Formula(names - {ANSWERS}, asked, expression)


def _asked(source: str) -> frozenset[str]:
    """What is read as `answers.<field>`. Anything else made of `answers` would read everything: it is refused."""
    pieces = [text for _kind, text in limits.tokens(source)]
    found = set()
    for place, text in enumerate(pieces):
        if text != ANSWERS or (place and pieces[place - 1] == "."):
            continue
        after = pieces[place + 1 : place + 3]
        if len(after) < 2 or after[0] != "." or not after[1].isidentifier():
            raise ExpressionError("« answers » s'écrit avec le nom d'un champ : answers.nombre_de_repas.")
        found.add(after[1])
    return frozenset(found)
