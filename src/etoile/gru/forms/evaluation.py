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


def visible_sections(page: Page, known: Evaluation | Mapping[str, Any]) -> list[tuple[Section, list[Field]]]:
    """Sections and fields of a page a person sees; with plain (normalised) answers, what those alone show."""
    if isinstance(known, Evaluation):
        return [
            (section, [each for each in section.fields if each.id in known.visible])
            for section in page.sections
            if section.id in known.sections
        ]
    return [
        (section, [each for each in section.fields if holds(each.visible_when, known)])
        for section in page.sections
        if holds(section.visible_when, known)
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

    def _question(self, here: "_Place", each: Field, name: str, raw: Any) -> bool:
        """Whether nothing is wrong with it."""
        if not holds(each.visible_when, here.seen):
            return True
        self.evaluation.visible.add(name)
        kind = TYPES[each.type]
        if not kind.answered:
            if each.type == CALCULATED.name:
                self._calculate(here, each, name)
            return True
        is_file = kind.holds_files
        value = kind.normalise(self._documents.get(name) if is_file else raw, each)
        required = is_required(each, here.seen)
        if required:
            self.evaluation.required.add(name)
        right = not here.judged or self._judge(Met(here.page, each, name, raw, value, required, here.row, here.block))
        if value is not None:
            here.values[each.id] = value
            if not is_file:
                here.typed[each.id] = value
                if right:
                    here.cleaned[each.id] = value
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
        rows = REPEATED.normalise(raw, block) or []
        filled = [self._is_filled(block, row) for row in rows]
        # A row left empty says what is missing when it is needed to reach the minimum; else nobody asked for it.
        lacking = max(REPEATED.least(block, required) - sum(filled), 0)
        told = 0
        typed, cleaned, values = [], [], []
        for number, (row, is_filled) in enumerate(zip(rows, filled, strict=True), 1):
            asked = is_filled or lacking > 0
            lacking -= not is_filled
            place = here.in_row(block, row[ROW], number, judged=asked)
            wrong = sum(not self._in_row(place, block, child, row) for child in block.fields)
            typed.append(place.typed)
            told += is_filled or (asked and wrong > 0)
            if is_filled:
                cleaned.append(place.cleaned)
                values.append(place.values)
        here.values[block.id] = values
        here.typed[block.id] = typed
        if self._judge(Met(here.page, block, block.id, raw, values, required, rows=told)) and values:
            here.cleaned[block.id] = cleaned

    def _in_row(self, place: "_Place", block: Field, child: Field, row: Mapping[str, Any]) -> bool:
        """Whether nothing is wrong with it."""
        return self._question(place, child, address(block.id, row[ROW], child.id), row.get(child.id))

    def _is_filled(self, block: Field, row: Mapping[str, Any]) -> bool:
        for child in block.fields:
            given = row.get(child.id)
            if TYPES[child.type].holds_files:
                given = self._documents.get(address(block.id, row[ROW], child.id))
            if is_given(given):
                return True
        return False


@dataclass(slots=True)
class _Place:
    """Where a question is met: what it sees, and where its answer goes."""

    page: Page
    seen: Mapping[str, Any]
    values: dict[str, Any]
    typed: dict[str, Any]
    cleaned: dict[str, Any]
    block: Field | None = None
    row: int = 0
    judged: bool = True

    def in_row(self, block: Field, row: str, number: int, *, judged: bool) -> "_Place":
        values: dict[str, Any] = {ROW: row}
        return _Place(self.page, ChainMap(values, self.values), values, {ROW: row}, {ROW: row}, block, number, judged)


def is_given(raw: Any) -> bool:
    """Whether a raw answer says anything."""
    if isinstance(raw, Mapping):
        return any(is_given(value) for value in raw.values())
    if isinstance(raw, list | tuple):
        return any(is_given(value) for value in raw)
    return raw is not None and (not isinstance(raw, str) or raw.strip() != "")
