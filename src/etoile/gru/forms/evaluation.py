"""What the answers make of a form, in one pass: what is shown, what is required, what is computed.

Questions are met in their order, each condition and formula seeing only what is shown before it: a hidden answer can
neither be kept nor open another question. The cost grows with the number of questions and rows, never with its square.
"""

from collections import ChainMap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from etoile.expressions import conditions
from etoile.gru.forms.definition import Definition, Field, Page, Section, address
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.fields.calculated import CALCULATED
from etoile.gru.forms.fields.repeated import REPEATED, ROW
from etoile.gru.forms.formulas import Budget
from etoile.gru.forms.rules import Tree

Documents = Mapping[str, Sequence[Any]]


@dataclass(slots=True)
class Evaluation:
    """By identifier, by `<block>.<row>.<field>` in a row.

    `values` is what conditions and formulas see: shown answers (right or wrong), rows that are filled, results of
    calculations, documents. `failures` says, in French, which formulas cannot be computed.
    """

    values: dict[str, Any] = field(default_factory=dict)
    visible: set[str] = field(default_factory=set)
    required: set[str] = field(default_factory=set)
    sections: set[str] = field(default_factory=set)
    failures: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Met:
    """A question that is shown and answered by a person, with the answer normalised."""

    page: Page
    field: Field
    address: str
    raw: Any
    value: Any
    required: bool
    row: int = 0
    """From 1 in a block; 0 outside."""
    block: Field | None = None
    rows: int = 0
    """Of a block: the rows that are filled, and those left empty whose own questions say what is missing."""


# Says whether an answer is right: what is wrong is told where it is met, and not kept.
Judge = Callable[[Met], bool]


def holds(tree: Mapping[str, Any] | None, answers: Mapping[str, Any]) -> bool:
    if tree is None:
        return True
    compiled = tree.compiled if isinstance(tree, Tree) else conditions.compile(tree, None)
    return compiled.holds(answers)


def is_required(each: Field, answers: Mapping[str, Any]) -> bool:
    return each.required or (each.required_when is not None and holds(each.required_when, answers))


def evaluate(definition: Definition, answers: Mapping[str, Any], documents: Documents | None = None) -> Evaluation:
    """`answers` raw or normalised, by identifier; `documents` by identifier or address. Nothing is judged."""
    run = Run(definition, answers, documents or {}, lambda met: True)
    return run.evaluation


def visible_sections(page: Page, known: Evaluation) -> list[tuple[Section, list[Field]]]:
    """Sections and fields of a page that a person sees."""
    return [
        (section, [each for each in section.fields if each.id in known.visible])
        for section in page.sections
        if section.id in known.sections
    ]


class Run:
    """One pass over a form. `typed` is what was answered, right or wrong; `cleaned` what is right, and computed."""

    def __init__(self, definition: Definition, answers: Mapping[str, Any], documents: Documents, judge: Judge) -> None:
        self.evaluation = Evaluation()
        self.typed: dict[str, Any] = {}
        self.cleaned: dict[str, Any] = {}
        self._documents, self._judge, self._budget = documents, judge, Budget()
        for page in definition.pages:
            for section in page.sections:
                self._section(page, section, answers)

    def _section(self, page: Page, section: Section, answers: Mapping[str, Any]) -> None:
        values = self.evaluation.values
        here = _Place(page, values, values, self.typed, self.cleaned)
        if not holds(section.visible_when, here.seen):
            return
        self.evaluation.sections.add(section.id)
        for each in section.fields:
            if each.fields:
                self._block(here, each, answers.get(each.id))
            else:
                self._question(here, each, each.id, answers.get(each.id))

    def _question(self, here: "_Place", each: Field, name: str, raw: Any) -> None:
        if not holds(each.visible_when, here.seen):
            return
        self.evaluation.visible.add(name)
        kind = TYPES[each.type]
        if not kind.answered:
            if each.type == CALCULATED.name:
                self._calculate(here, each, name)
            return
        value = kind.normalise(self._documents.get(name) if kind.holds_files else raw, each)
        required = is_required(each, here.seen)
        if required:
            self.evaluation.required.add(name)
        if value is not None:
            here.values[each.id] = value
            if not kind.holds_files:
                here.typed[each.id] = value
        met = Met(here.page, each, name, raw, value, required, here.row, here.block)
        if here.block is None:
            self._judged(here, met)
        else:
            here.waiting.append(met)

    def _judged(self, here: "_Place", met: Met) -> bool:
        """Whether nothing is wrong with it; what is right is kept."""
        right = self._judge(met)
        if right and met.field.id in here.typed:
            here.cleaned[met.field.id] = met.value
        return right

    def _calculate(self, here: "_Place", each: Field, name: str) -> None:
        found = CALCULATED.compute(each, here.seen, self._budget)
        if found.failure:
            self.evaluation.failures[name] = found.failure
        if found.value is not None:
            here.values[each.id] = here.cleaned[each.id] = found.value

    def _block(self, here: "_Place", block: Field, raw: Any) -> None:
        if not holds(block.visible_when, here.seen):
            return
        evaluation = self.evaluation
        evaluation.visible.add(block.id)
        required = is_required(block, here.seen)
        if required:
            evaluation.required.add(block.id)
        rows = [
            self._row(here, block, number, row) for number, row in enumerate(REPEATED.normalise(raw, block) or (), 1)
        ]
        filled = [row for row in rows if row.filled]
        # A row left empty says what is missing when it is needed to reach the minimum; else nobody asked for it.
        lacking = max(REPEATED.least(block, required) - len(filled), 0)
        told = len(filled)
        for row in rows:
            if row.filled or lacking > 0:
                wrong = [met for met in row.waiting if not self._judged(row, met)]
                lacking -= not row.filled
                told += bool(wrong) and not row.filled
        here.values[block.id] = values = [row.values for row in filled]
        here.typed[block.id] = [row.typed for row in rows]
        if self._judge(Met(here.page, block, block.id, raw, values, required, rows=told)) and values:
            here.cleaned[block.id] = [row.cleaned for row in filled]

    def _row(self, here: "_Place", block: Field, number: int, given: Mapping[str, Any]) -> "_Place":
        name = given[ROW]
        values: dict[str, Any] = {ROW: name}
        row = _Place(here.page, ChainMap(values, here.values), values, {ROW: name}, {ROW: name}, block, number)
        for child in block.fields:
            self._question(row, child, address(block.id, name, child.id), given.get(child.id))
        return row


@dataclass(slots=True)
class _Place:
    """Where questions are met: what they see, and where their answers go. Those of a row wait to be judged until it is
    known whether the row is filled.
    """

    page: Page
    seen: Mapping[str, Any]
    values: dict[str, Any]
    typed: dict[str, Any]
    cleaned: dict[str, Any]
    block: Field | None = None
    row: int = 0
    waiting: list[Met] = field(default_factory=list)

    @property
    def filled(self) -> bool:
        """Whether a question that is shown has an answer, be it of a shape that nothing can read."""
        return any(
            met.value is not None or (is_given(met.raw) and not isinstance(met.raw, str | bool)) for met in self.waiting
        )


def is_given(raw: Any) -> bool:
    """Whether a raw answer says anything."""
    if isinstance(raw, Mapping):
        return any(is_given(value) for value in raw.values())
    if isinstance(raw, list | tuple):
        return any(is_given(value) for value in raw)
    return raw is not None and (not isinstance(raw, str) or raw.strip() != "")
