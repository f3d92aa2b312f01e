"""A compiled mapping at work: each node gives its value, and writes down the leaves it went through.

There is one walk, for what is sent and for what a screen explains: they cannot differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from etoile.contract.problem import escape
from etoile.expressions import cel
from etoile.expressions.errors import AbsentError, ExpressionError
from etoile.sdk.mapping.codes import CodeTable
from etoile.sdk.mapping.dates import DateFormat

DROPPED: Any = object()
MARK = "$content"
TOO_MANY = "Les groupes répétés produisent trop d'éléments."
ITEM = 1000  # of MAX_WORK: 20,000 items at most, fewer when what is repeated reads the whole message


@dataclass(frozen=True, slots=True)
class Leaf:
    """One leaf at work. `source`: its expression, None for a fixed value. `failure`, in French, when it has none.
    `kept` False: it gave nothing, and its name is left out."""

    pointer: str
    source: str | None
    value: Any
    failure: str = ""
    kept: bool = True


@dataclass(slots=True)
class Run:
    """One walk on one context."""

    context: Mapping[str, Any]
    leaves: list[Leaf] = field(default_factory=list)
    document: Mapping[str, Any] | None = None
    _whole: cel.Prepared | None = None
    _items: dict[str, cel.Prepared] = field(default_factory=dict)
    _left: int = cel.MAX_WORK

    def evaluate(self, expression: cel.Expression) -> Any:
        """Each evaluation copies what it is given: one that reads an item alone is given that item alone."""
        if len(expression.variables) == 1:
            (name,) = expression.variables
            if name in self._items:
                return expression.evaluate(self._items[name])
        whole = self._prepared()
        if self._items:
            self._spend(cel.MAX_WORK // max(1, whole.allowed))
        return expression.evaluate(whole)

    def give(self, name: str, item: Any) -> None:
        """The item at hand of a repeated group. ExpressionError when the groups have had all that they may take."""
        self._spend(ITEM)
        self._prepared().give(name, item)
        self._items[name] = cel.Prepared({name: item})

    def end(self, name: str) -> None:
        self._items.pop(name, None)

    def _prepared(self) -> cel.Prepared:
        if self._whole is None:
            self._whole = cel.Prepared(self.context)
        return self._whole

    def _spend(self, work: int) -> None:
        self._left -= work
        if self._left < 0:
            raise ExpressionError(TOO_MANY)

    def fail(self, pointer: str, source: str | None, failure: str) -> Any:
        self.leaves.append(Leaf(pointer, source, None, failure, kept=False))
        return DROPPED


class Node(Protocol):
    def run(self, run: Run, pointer: str) -> Any: ...


class Computed:
    """A node that makes one leaf. `compute` raises ExpressionError; None leaves the name out."""

    __slots__ = ()
    source: Any

    def compute(self, run: Run) -> Any:
        raise NotImplementedError

    def run(self, run: Run, pointer: str) -> Any:
        try:
            value = self.compute(run)
        except ExpressionError as error:
            return run.fail(pointer, self.source, str(error))
        run.leaves.append(Leaf(pointer, self.source, value, kept=value is not None))
        return DROPPED if value is None else value


@dataclass(frozen=True, slots=True)
class Fixed:
    value: Any

    def run(self, run: Run, pointer: str) -> Any:
        run.leaves.append(Leaf(pointer, None, self.value))
        return self.value


@dataclass(frozen=True, slots=True)
class Faulty(Computed):
    """Could not be read; a screen shows it in its place."""

    detail: str
    source: None = None

    def compute(self, run: Run) -> Any:
        raise ExpressionError(self.detail)


@dataclass(frozen=True, slots=True)
class Group:
    children: Mapping[str, Node]

    def run(self, run: Run, pointer: str) -> Any:
        given = {name: child.run(run, f"{pointer}/{escape(name)}") for name, child in self.children.items()}
        return {name: value for name, value in given.items() if value is not DROPPED}


@dataclass(frozen=True, slots=True)
class Sequence:
    children: tuple[Node, ...]

    def run(self, run: Run, pointer: str) -> Any:
        given = [child.run(run, f"{pointer}/{index}") for index, child in enumerate(self.children)]
        return [value for value in given if value is not DROPPED]


@dataclass(frozen=True, slots=True)
class Formula(Computed):
    source: str
    expression: cel.Expression

    def compute(self, run: Run) -> Any:
        return run.evaluate(self.expression)


@dataclass(frozen=True, slots=True)
class Value(Computed):
    """A value, or `default` when it is absent or null."""

    source: str
    of: Computed
    default: Any

    def compute(self, run: Run) -> Any:
        try:
            value = self.of.compute(run)
        except AbsentError:
            value = None
        if value is not None:
            return value
        return self.default.compute(run) if isinstance(self.default, Computed) else self.default


@dataclass(frozen=True, slots=True)
class Coded(Computed):
    source: str
    of: Computed
    table: CodeTable
    back: bool

    def compute(self, run: Run) -> Any:
        value = self.of.compute(run)
        if value is None:
            return None
        return self.table.backward(value) if self.back else self.table.forward(value)


@dataclass(frozen=True, slots=True)
class Dated(Computed):
    source: str
    of: Computed
    form: DateFormat
    back: bool

    def compute(self, run: Run) -> Any:
        value = self.of.compute(run)
        if value is None:
            return None
        return self.form.read(value) if self.back else self.form.write(value)


@dataclass(frozen=True, slots=True)
class ContentMark(Computed):
    """Where a connector puts the content of the document at hand: the document itself, marked; see `contents`."""

    source: str
    form: str

    def compute(self, run: Run) -> Any:
        if run.document is None:
            raise AbsentError("Aucun document n'est là.")
        return {**run.document, MARK: self.form}


@dataclass(frozen=True, slots=True)
class Each:
    """A sub-tree for each item of a list, the item being the variable `name`."""

    items: Computed
    name: str
    give: Node

    def run(self, run: Run, pointer: str) -> Any:
        try:
            items = self.items.compute(run)
        except ExpressionError as error:
            return run.fail(pointer, self.items.source, str(error))
        if items is None:
            return DROPPED
        if not isinstance(items, list):
            return run.fail(pointer, self.items.source, "Un groupe se répète sur une liste, et ceci n'en est pas une.")
        return _repeated(run, pointer, self.items.source, self.name, items, self.give)


@dataclass(frozen=True, slots=True)
class Documents:
    """The documents of the event, those of some fields of the form, or of all (`fields` None), as `document`."""

    source: str
    fields: frozenset[str] | None
    single: bool
    give: Node
    default: Node | None

    def run(self, run: Run, pointer: str) -> Any:
        found = [each for each in listed(run.context.get("event")) if self._takes(each)]
        if not found:
            if self.default is not None:
                return self.default.run(run, pointer)
            return DROPPED if self.single else []
        if self.single:
            given = _repeated(run, pointer, self.source, "document", found[:1], self.give, flat=True)
            return given[0] if given is not DROPPED and given else DROPPED
        return _repeated(run, pointer, self.source, "document", found, self.give)

    def _takes(self, document: Mapping[str, Any]) -> bool:
        return self.fields is None or document.get("field") in self.fields


@dataclass(frozen=True, slots=True)
class Choice:
    """The first branch whose condition holds; none gives nothing."""

    branches: tuple[tuple[Computed | None, Node], ...]

    def run(self, run: Run, pointer: str) -> Any:
        for condition, node in self.branches:
            try:
                taken = True if condition is None else condition.compute(run)
            except ExpressionError as error:
                return run.fail(pointer, condition.source if condition else None, str(error))
            if not isinstance(taken, bool):
                return run.fail(pointer, condition.source if condition else None, "Une condition est vraie ou fausse.")
            if taken:
                return node.run(run, pointer)
        return DROPPED


def listed(event: Any) -> list[dict[str, Any]]:
    """The documents that an event in its structured form holds, in order."""
    data = event.get("data") if isinstance(event, Mapping) else None
    if not isinstance(data, Mapping):
        return []
    several = data.get("documents")
    found = [*(several if isinstance(several, list) else []), data.get("document")]
    return [each for each in found if isinstance(each, dict)]


def _repeated(
    run: Run, pointer: str, source: str | None, name: str, items: list[Any], give: Node, flat: bool = False
) -> Any:
    before, given = run.document, []
    for index, item in enumerate(items):
        try:
            run.give(name, item)
        except ExpressionError as error:
            run.end(name)
            run.document = before
            return run.fail(pointer, source, str(error))
        run.document = item if name == "document" else before
        given.append(give.run(run, pointer if flat else f"{pointer}/{index}"))
    run.document = before
    run.end(name)
    return [value for value in given if value is not DROPPED]
