"""The answers of a draft with what they make of its form. Computed once, and read by every page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from etoile.gru.filling import rows
from etoile.gru.forms.decisions import Quote, quote, refusals
from etoile.gru.forms.definition import Definition, Field, Page, Section, address
from etoile.gru.forms.evaluation import Evaluation, evaluate, visible_sections
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.fields.repeated import REPEATED, ROW
from etoile.gru.forms.rules import Ineligibility

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Evaluated:
    """`answers` are normalised and in clear; `documents` by the address of their question."""

    definition: Definition
    answers: Mapping[str, Any]
    documents: Mapping[str, Sequence[Any]] = field(default_factory=dict)

    @cached_property
    def known(self) -> Evaluation:
        return evaluate(self.definition, self.answers, self.documents)

    def with_rows(self, page: Page, seed: object) -> "Evaluated":
        """The same, with the empty rows that the blocks of this page offer."""
        offered = {
            each.id: rows.offered(each, self.rows(each), self.least(each), seed)
            for each in page.fields
            if each.fields and each.id in self.known.visible
        }
        more = {name: given for name, given in offered.items() if given != self.answers.get(name)}
        return replace(self, answers={**self.answers, **more}) if more else self

    def sections(self, page: Page) -> list[tuple[Section, list[Field]]]:
        """The sections of a page that show something."""
        return [(section, fields) for section, fields in visible_sections(page, self.known) if fields]

    def rows(self, block: Field) -> list[dict[str, Any]]:
        return REPEATED.normalise(self.answers.get(block.id), block) or []

    def least(self, block: Field) -> int:
        return REPEATED.least(block, block.id in self.known.required)

    def questions(self, block: Field, row: Row) -> list[Field]:
        """The questions of one row that are shown, as the block defines them."""
        return [child for child in block.fields if address(block.id, row[ROW], child.id) in self.known.visible]

    def value(self, each: Field, row: Row | None = None) -> Any:
        """The answer to a question of a page or of a `row` (its field then bears the address of its controls), the
        files it holds, what was computed.
        """
        kind = TYPES[each.type]
        if kind.holds_files:
            return self.documents.get(each.id)
        if kind.answered:
            return row.get(each.id.rpartition(".")[2]) if row is not None else self.answers.get(each.id)
        if row is None:
            return self.known.values.get(each.id)
        block, name, child = each.id.split(".")
        return next((known.get(child) for known in self.known.values.get(block) or () if known[ROW] == name), None)

    def on(self, page: Page) -> set[str]:
        """The addresses of the questions that this page shows."""
        ours = {each.id for _section, fields in self.sections(page) for each in fields}
        return {name for name in self.known.visible if name.partition(".")[0] in ours}

    @cached_property
    def quote(self) -> Quote:
        return quote(self.definition, self.known)

    def refusals(self, upto: Page) -> tuple[Ineligibility, ...]:
        """Why nothing can be asked, as far as the pages up to this one tell."""
        return refusals(self.definition, self.known, upto=upto)
