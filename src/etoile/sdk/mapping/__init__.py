"""A mapping: how a message of the contract becomes what an application expects, and the way back.

A plain tree (YAML or JSON), whose texts beginning with "=" are CEL, everything else being taken as it is:

    reference: "=event.data.case.reference"
    origin: "GRU"
    formula: "==A1"            # the text "=A1"
    phone: "=has(event.data.applicant.phone) ? event.data.applicant.phone : null"

A value computed as null is dropped from its object (and from its list): absent and null differ for many applications,
and a fixed `null` in the tree is kept. A file (`files`) puts a name, code lists, dates and the way back around that
tree, and gives it the operators of `operators`.
"""

from __future__ import annotations

from collections import abc
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from etoile.contract.problem import Violation
from etoile.contract.schemas import MESSAGE_TYPES
from etoile.sdk.mapping import files, operators, paths, returns, shapes
from etoile.sdk.mapping.errors import MappingError
from etoile.sdk.mapping.files import MappingFile
from etoile.sdk.mapping.nodes import DROPPED, Faulty, Leaf, Node, Run
from etoile.sdk.mapping.reading import Reader, Scope
from etoile.sdk.mapping.returns import Answered, Return, ReturnedDocument

__all__ = [
    "Answered",
    "Leaf",
    "Mapping",
    "MappingError",
    "MappingFile",
    "Return",
    "ReturnedDocument",
    "paths_of",
    "sent_by",
]


@dataclass(frozen=True, slots=True, eq=False)
class Mapping:
    """A compiled tree or file. `violations` is empty when it was made by `compile`; `examine` and `check` never raise
    and fill it.

    `remarks`: what works, and may surprise. Of a checked one, `reads` is the place of each leaf and a path of the
    message (`event.data.case.id`) that it reads, `needed` those it cannot do without. `file` and `back` (the way back)
    are those of a file.
    """

    _node: Node
    violations: tuple[Violation, ...] = ()
    remarks: tuple[Violation, ...] = ()
    file: MappingFile | None = None
    back: Return | None = None
    needed: tuple[tuple[str, str], ...] = ()
    reads: tuple[tuple[str, str], ...] = ()

    @classmethod
    def compile(cls, tree: Any, variables: Iterable[str] = ("event",)) -> Mapping:
        """Reads a tree or a file; MappingError names all its faulty leaves at once."""
        mapping = cls.examine(tree, variables)
        if mapping.violations:
            raise MappingError(list(mapping.violations))
        return mapping

    @classmethod
    def examine(cls, tree: Any, variables: Iterable[str] = ("event",)) -> Mapping:
        """Reads a tree or a file for a screen that shows what is wrong: `violations` says it."""
        return cls._read(tree, tuple(variables), None, checked=False)

    @classmethod
    def check(cls, tree: Any, type: str | None = None, variables: Iterable[str] = ("event",)) -> Mapping:
        """As `examine`, and also against the contract: names that the message does not have, branches never taken,
        wrong types. For the moment of saving: what was saved once goes on being applied.

        `type`: the message type that it will be applied to. A file says its own, which must be that one.
        """
        return cls._read(tree, tuple(variables), type, checked=True)

    @classmethod
    def _read(cls, tree: Any, variables: tuple[str, ...], type: str | None, *, checked: bool) -> Mapping:
        if files.is_file(tree):
            return cls._of_file(tree, variables, type, checked=checked)
        reader = Reader(event=_event(type))
        node = reader.node(tree, "", _scope(variables, reader))
        return cls(
            node, tuple(reader.faults), tuple(reader.remarks), needed=tuple(reader.needed), reads=tuple(reader.reads)
        )

    @classmethod
    def _of_file(
        cls, tree: abc.Mapping[Any, Any], variables: tuple[str, ...], type: str | None, *, checked: bool
    ) -> Mapping:
        file, faults = files.read(tree)
        if file is None:
            return cls(Faulty("Le fichier n'a pas la forme attendue."), tuple(faults))
        if type is not None and file.type != type and not faults:
            faults.append(Violation("/type", f"L'abonnement reçoit « {type} », ce fichier « {file.type} »."))
        tables = {name: part.table(name) for name, part in file.codes.items()}
        forms = files.forms(file, faults)
        forth = Reader(operators.read, tables, forms, _event(file.type if checked else None), faults=faults)
        node = forth.node(file.send, "/send", _scope(variables, forth))
        back = Reader(operators.read, tables, forms, back=True, faults=faults, remarks=forth.remarks)
        way_back = returns.compile(back, file.back) if file.back is not None else None
        needed, reads = tuple(forth.needed), tuple(forth.reads)
        return cls(node, tuple(faults), tuple(forth.remarks), file, way_back, needed, reads)

    def leaves(self, context: abc.Mapping[str, Any]) -> list[Leaf]:
        """Each leaf with what it gives on `context`, for a screen that shows a mapping at work. Never raises."""
        run = Run(context)
        self._node.run(run, self._root)
        return run.leaves

    def apply(self, context: abc.Mapping[str, Any]) -> Any:
        """The tree with its leaves computed on `context` (such as {"event": event.to_dict()}).

        MappingError, with the path of each leaf that has no value on this context.
        """
        if self.violations:
            raise MappingError(list(self.violations))
        run = Run(context)
        result = self._node.run(run, self._root)
        failed = [Violation(each.pointer, each.failure) for each in run.leaves if each.failure]
        if failed:
            raise MappingError(failed)
        return None if result is DROPPED else result

    @property
    def _root(self) -> str:
        return "" if self.file is None else "/send"


def paths_of(source: str, type: str) -> tuple[list[str], set[str]]:
    """The paths that a CEL source reads of a message of this type (`event.data.case.id`): all, and those it cannot do
    without."""
    reading = paths.read(source, {"event": _event(type)})
    return reading.seen, set(reading.needed)


def sent_by(tree: Any) -> Any:
    """What a tree or a file makes for the application, as it is written: the whole tree, or the `send` of the file."""
    return tree.get("send") if files.is_file(tree) else tree


def _event(type: str | None) -> shapes.Shape | None:
    return shapes.of_event(type) if type in MESSAGE_TYPES else None


def _scope(variables: Iterable[str], reader: Reader) -> Scope:
    return {name: reader.event if name == "event" else None for name in variables}
