"""A mapping: a tree (YAML or JSON) whose texts beginning with "=" are CEL, everything else being taken as it is.

    reference: "=event.data.case.reference"
    origin: "GRU"
    formula: "==A1"            # the text "=A1"
    phone: "=has(event.data.applicant.phone) ? event.data.applicant.phone : null"

A value computed as null is dropped from its object (and from its list): absent and null differ for many applications,
and a fixed `null` in the tree is kept.
"""

from __future__ import annotations

from collections import abc
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from etoile.contract.problem import Violation, escape
from etoile.expressions import cel
from etoile.expressions.errors import ExpressionError

_MAX_DEPTH = 32
_DROPPED = object()


class MappingError(ExpressionError):
    """`violations`: each leaf at fault, by its path in the tree, in French."""

    def __init__(self, violations: list[Violation]) -> None:
        super().__init__(" ".join(f"{each.pointer or '/'} : {each.detail}" for each in violations))
        self.violations = violations


@dataclass(frozen=True, slots=True)
class Leaf:
    """One leaf at work. `source`: its expression, None for a fixed value. `failure`, in French, when it has none."""

    pointer: str
    source: str | None
    value: Any
    failure: str = ""


@dataclass(frozen=True, slots=True)
class _Leaf:
    expression: cel.Expression
    pointer: str


@dataclass(frozen=True, slots=True, eq=False)
class Mapping:
    """A compiled tree. `violations` is empty when it was made by `compile`; `examine` never raises and fills it."""

    _tree: Any
    violations: tuple[Violation, ...] = ()

    @classmethod
    def compile(cls, tree: Any, variables: Iterable[str] = ("event",)) -> Mapping:
        """Reads a tree; MappingError names all its faulty leaves at once."""
        mapping = cls.examine(tree, variables)
        if mapping.violations:
            raise MappingError(list(mapping.violations))
        return mapping

    @classmethod
    def examine(cls, tree: Any, variables: Iterable[str] = ("event",)) -> Mapping:
        """Reads a tree for a screen that shows what is wrong: `violations` says it."""
        violations: list[Violation] = []
        compiled = _compile(tree, tuple(variables), "", violations)
        return cls(compiled, tuple(violations))

    def leaves(self, context: abc.Mapping[str, Any]) -> list[Leaf]:
        """Each leaf with what it gives on `context`, for a screen that shows a mapping at work. Never raises."""
        values = cel.Prepared(context) if _needs_values(self._tree) else None
        faults = {each.pointer: Leaf(each.pointer, None, None, each.detail) for each in self.violations}
        return [faults.get(leaf.pointer, leaf) for leaf in _computed(self._tree, values, "")]

    def apply(self, context: abc.Mapping[str, Any]) -> Any:
        """The tree with its leaves computed on `context` (such as {"event": event.to_dict()}).

        MappingError, with the path of each leaf that has no value on this context.
        """
        violations: list[Violation] = list(self.violations)
        values = cel.Prepared(context) if _needs_values(self._tree) else None
        result = None if violations else _apply(self._tree, values, violations)
        if violations:
            raise MappingError(violations)
        return None if result is _DROPPED else result


def _compile(node: Any, variables: tuple[str, ...], pointer: str, violations: list[Violation]) -> Any:
    if pointer.count("/") > _MAX_DEPTH:
        violations.append(Violation(pointer, f"Plus de {_MAX_DEPTH} niveaux."))
        return None
    if isinstance(node, abc.Mapping):
        return {
            str(name): _compile(child, variables, f"{pointer}/{escape(str(name))}", violations)
            for name, child in node.items()
        }
    if isinstance(node, list | tuple):
        return [_compile(child, variables, f"{pointer}/{index}", violations) for index, child in enumerate(node)]
    if not isinstance(node, str) or not node.startswith("="):
        return node
    if node.startswith("=="):
        return node[1:]
    try:
        return _Leaf(cel.compile(node[1:], variables), pointer)
    except ExpressionError as error:
        violations.append(Violation(pointer, str(error)))
        return None


def _needs_values(node: Any) -> bool:
    if isinstance(node, _Leaf):
        return True
    return any(_needs_values(child) for child in _children(node))


def _children(node: Any) -> Iterator[Any]:
    if isinstance(node, dict):
        yield from node.values()
    elif isinstance(node, list):
        yield from node


def _computed(node: Any, values: cel.Prepared | None, pointer: str) -> Iterator[Leaf]:
    if isinstance(node, dict):
        for name, child in node.items():
            yield from _computed(child, values, f"{pointer}/{escape(name)}")
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from _computed(child, values, f"{pointer}/{index}")
    elif not isinstance(node, _Leaf) or values is None:
        yield Leaf(pointer, None, node)
    else:
        try:
            yield Leaf(pointer, node.expression.source, node.expression.evaluate(values))
        except ExpressionError as error:
            yield Leaf(pointer, node.expression.source, None, str(error))


def _apply(node: Any, values: cel.Prepared | None, violations: list[Violation]) -> Any:
    if isinstance(node, dict):
        computed = {name: _apply(child, values, violations) for name, child in node.items()}
        return {name: value for name, value in computed.items() if value is not _DROPPED}
    if isinstance(node, list):
        items = [_apply(child, values, violations) for child in node]
        return [item for item in items if item is not _DROPPED]
    if not isinstance(node, _Leaf) or values is None:
        return node
    try:
        value = node.expression.evaluate(values)
    except ExpressionError as error:
        violations.append(Violation(node.pointer, str(error)))
        return _DROPPED
    return _DROPPED if value is None else value
