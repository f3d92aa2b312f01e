"""What a procedure decides from what its form makes of the answers: may it be asked, who treats it, what it costs."""

from dataclasses import dataclass

from etoile.gru.forms.definition import Definition, Page
from etoile.gru.forms.evaluation import Evaluation, holds
from etoile.gru.forms.rules import Ineligibility
from etoile.gru.forms.texts import Text


@dataclass(frozen=True, slots=True)
class Line:
    """One rule of the price that holds, in cents."""

    label: Text
    amount: int


@dataclass(frozen=True, slots=True)
class Quote:
    """What is due, in cents. `unknown` are the calculated fields that give no amount: the total is then no price."""

    lines: tuple[Line, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """Never below zero: a reduction does not pay people."""
        return max(sum(line.amount for line in self.lines), 0)


def refusals(definition: Definition, known: Evaluation, *, upto: Page | None = None) -> tuple[Ineligibility, ...]:
    """The reasons why nothing can be asked. With `upto`, those about questions of the pages up to this one that have
    their answer: what was not asked yet, or not answered, refuses nobody.
    """
    if not definition.ineligible:
        return ()
    asked = None if upto is None else _asked(definition, known, upto)
    return tuple(
        rule
        for rule in definition.ineligible
        if (asked is None or rule.when.compiled.references <= asked) and holds(rule.when, known.values)
    )


def team_of(definition: Definition, known: Evaluation) -> str:
    """The slug of the team that treats a request with these answers."""
    return next((route.team for route in definition.routing if holds(route.when, known.values)), definition.team)


def quote(definition: Definition, known: Evaluation) -> Quote:
    """The price of a request with these answers."""
    lines, unknown = [], []
    for rule in definition.price.rules:
        if not holds(rule.when, known.values):
            continue
        amount = known.values.get(rule.amount_from) if rule.amount_from else rule.amount
        if isinstance(amount, int):
            lines.append(Line(rule.label, amount))
        elif rule.amount_from in known.visible:
            unknown.append(rule.amount_from)
    return Quote(tuple(lines), tuple(unknown))


def worked_out(before: Quote, after: Quote) -> tuple[int, int]:
    """A price that changes, in cents; twice the same when one of the two cannot be worked out: nothing follows it."""
    unknown = before.unknown or after.unknown
    return before.total, before.total if unknown else after.total


def _asked(definition: Definition, known: Evaluation, upto: Page) -> set[str]:
    """What is hidden has its answer: none."""
    found: set[str] = set()
    for page in definition.pages:
        found.update(each.id for each in page.fields if each.id in known.values or each.id not in known.visible)
        if page.id == upto.id:
            break
    return found
