"""From a tree (YAML or JSON) to nodes, with everything that is wrong in it, by its place."""

from __future__ import annotations

from collections import abc
from dataclasses import dataclass, field
from typing import Any

from etoile.contract.problem import Violation, escape
from etoile.expressions import cel
from etoile.expressions.errors import ExpressionError
from etoile.sdk.mapping import nodes, paths
from etoile.sdk.mapping.codes import CodeTable
from etoile.sdk.mapping.dates import DateFormat
from etoile.sdk.mapping.shapes import Shape

MAX_DEPTH = 32
Scope = abc.Mapping[str, Shape | None]


@dataclass(slots=True)
class Reader:
    """`tables` and `forms` are those of the file; `back` reads them from the application to the contract. `operators`
    False: a plain tree, where a name that begins with `$` is a name like another."""

    operators: Operators | None = None
    tables: abc.Mapping[str, CodeTable] = field(default_factory=dict)
    forms: abc.Mapping[str, DateFormat] = field(default_factory=dict)
    event: Shape | None = None
    back: bool = False
    faults: list[Violation] = field(default_factory=list)
    remarks: list[Violation] = field(default_factory=list)
    needed: list[tuple[str, str]] = field(default_factory=list)
    """The place of each leaf, and a path of the message that it cannot do without."""
    reads: list[tuple[str, str]] = field(default_factory=list)
    """The place of each leaf, and each path of the message that it reads."""

    def node(self, tree: Any, pointer: str, scope: Scope) -> nodes.Node:
        if pointer.count("/") > MAX_DEPTH:
            return self.fault(pointer, f"Plus de {MAX_DEPTH} niveaux.")
        if isinstance(tree, abc.Mapping):
            return self._group(tree, pointer, scope)
        if isinstance(tree, list | tuple):
            children = (self.node(child, f"{pointer}/{index}", scope) for index, child in enumerate(tree))
            return nodes.Sequence(tuple(children))
        if not isinstance(tree, str) or not tree.startswith("="):
            return nodes.Fixed(tree)
        return nodes.Fixed(tree[1:]) if tree.startswith("==") else self.formula(tree, pointer, scope)[0]

    def formula(
        self, text: str, pointer: str, scope: Scope, *, lenient: bool = False
    ) -> tuple[nodes.Computed, paths.Reading]:
        """A text beginning with `=`. `lenient`: an absent value is provided for."""
        source = text[1:]
        try:
            expression = cel.compile(source, tuple(scope))
        except ExpressionError as error:
            return self.fault(pointer, str(error)), paths.Reading()
        reading = paths.read(source, scope)
        self.reads += [(pointer, each) for each in reading.seen if each.startswith("event.")]
        if not lenient:
            self.remarks += [Violation(pointer, each) for each in reading.remarks]
            self.needed += [(pointer, each) for each in reading.needed if each.startswith("event.")]
        if reading.faults:
            self.faults += [Violation(pointer, each) for each in reading.faults]
            return nodes.Faulty(" ".join(reading.faults)), reading
        return nodes.Formula(source, expression), reading

    def fault(self, pointer: str, detail: str) -> nodes.Faulty:
        self.faults.append(Violation(pointer, detail))
        return nodes.Faulty(detail)

    def remark(self, pointer: str, detail: str) -> None:
        self.remarks.append(Violation(pointer, detail))

    def _group(self, tree: abc.Mapping[Any, Any], pointer: str, scope: Scope) -> nodes.Node:
        if self.operators is not None:
            names = [str(name) for name in tree if str(name).startswith("$") and not str(name).startswith("$$")]
            if names:
                return self.operators(self, names, {str(name): each for name, each in tree.items()}, pointer, scope)
        return nodes.Group(
            {
                self._plain(str(name)): self.node(child, f"{pointer}/{escape(str(name))}", scope)
                for name, child in tree.items()
            }
        )

    def _plain(self, name: str) -> str:
        return name[1:] if self.operators is not None and name.startswith("$$") else name


Operators = abc.Callable[[Reader, list[str], dict[str, Any], str, Scope], nodes.Node]
