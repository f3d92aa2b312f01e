"""What a procedure decides from the answers: who may not ask, which team treats, what it costs; and what it writes."""

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from etoile.expressions import conditions
from etoile.gru.forms.texts import NOTHING, Text


class Tree(dict[str, Any]):
    """A tree of conditions as it is written, compiled once however many times it is asked."""

    __slots__ = ("_compiled",)

    def __init__(self, raw: Any) -> None:
        # A copy: whoever edits the data this came from must not change a condition behind its compiled form.
        super().__init__(deepcopy(raw))
        self._compiled: conditions.Condition | None = None

    @property
    def compiled(self) -> conditions.Condition:
        """Raises `ExpressionError`, in French, when the tree cannot be read."""
        if self._compiled is None:
            self._compiled = conditions.compile(self, None)
        return self._compiled


@dataclass(frozen=True, slots=True)
class Prefill:
    """Where a first answer comes from (`account`, `link` or `lookup`), and the attribute it is there."""

    source: str
    attribute: str


@dataclass(frozen=True, slots=True)
class Ineligibility:
    """When `when` holds, nothing can be asked here: `message` says why, `where` and `link` where to go instead."""

    id: str
    when: Tree
    message: Text
    where: Text = NOTHING
    link: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """The team (slug) that treats the request when `when` holds; the first route that holds wins."""

    when: Tree
    team: str


@dataclass(frozen=True, slots=True)
class PriceRule:
    """One line of the price, in cents: a fixed `amount`, or that of a calculated field. Without `when`, always due."""

    label: Text
    when: Tree | None = None
    amount: int | None = None
    amount_from: str = ""


@dataclass(frozen=True, slots=True)
class Price:
    """The sum of the rules that hold."""

    rules: tuple[PriceRule, ...] = ()


FREE = Price()


@dataclass(frozen=True, slots=True)
class Wording:
    """The procedure's own words for a message; what is empty keeps the usual words. Tags: `{{ reference }}`…"""

    subject: Text = NOTHING
    body: Text = NOTHING
