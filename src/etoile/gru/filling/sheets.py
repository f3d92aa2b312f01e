"""A page of a form with its answers, made ready to be drawn: for the portal, the counter and the designer's preview."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from etoile.design.fields import FieldView
from etoile.gru.filling import rows
from etoile.gru.filling.evaluated import Evaluated, Row
from etoile.gru.filling.offers import NOTHING, Offer, offers
from etoile.gru.filling.questions import Question, QuestionRow, view
from etoile.gru.forms.definition import Field, Page
from etoile.gru.forms.fields.repeated import REPEATED, ROW


@dataclass(frozen=True, slots=True)
class Part:
    """A section of a page: its title, an explanation, its questions."""

    id: str
    title: str
    explanation: str
    fields: tuple[FieldView, ...]


@dataclass(frozen=True)
class Sheet:
    """`errors` by the address of their question; `seed` is anything that tells this form from another; `authority`
    (its key) has the tables that questions choose in; `fixed` are the questions whose answer is only read.
    """

    evaluated: Evaluated
    errors: Mapping[str, str] = field(default_factory=dict)
    seed: object = ""
    authority: int | None = None
    offered: Mapping[str, Offer] = field(default_factory=dict)
    fixed: Collection[str] = ()

    def parts(self, page: Page) -> list[Part]:
        """Two statements if a question chooses in a table, none otherwise."""
        filled = replace(self, evaluated=self.evaluated.with_rows(page, self.seed))
        sections = filled.evaluated.sections(page)
        asked = [each for _section, fields in sections for each in fields]
        if self.authority:
            filled = replace(filled, offered=offers(self.authority, filled._asked(asked)))
        return [
            Part(
                section.id,
                str(section.title),
                str(section.explanation),
                tuple(view(filled.question(each)) for each in fields),
            )
            for section, fields in sections
        ]

    def question(self, each: Field, row: Row | None = None) -> Question:
        """A question of the page or, with its `row`, of a block."""
        source = self.evaluated
        return Question(
            each,
            each.id in source.known.required,
            source.value(each, row),
            self.errors.get(each.id, ""),
            source.documents.get(each.id, ()),
            self.offered.get(each.id, NOTHING),
            *(self._rows(each) if each.fields else ((), "")),
            fixed=each.id in self.fixed,
        )

    def _rows(self, block: Field) -> tuple[tuple[QuestionRow, ...], str]:
        shown = self.evaluated.rows(block)
        drawn = tuple(
            QuestionRow(row[ROW], tuple(self.question(inner, row) for inner in self._inner(block, row)))
            for row in shown
        )
        return drawn, rows.following(block, shown, self.seed) if len(shown) < REPEATED.maximum(block) else ""

    def _inner(self, block: Field, row: Row) -> Iterator[Field]:
        for child in self.evaluated.questions(block, row):
            yield block.in_row(row[ROW], child)

    def _asked(self, fields: Iterable[Field]) -> Iterator[tuple[str, Field, Any]]:
        for each in fields:
            yield each.id, each, self.evaluated.value(each)
            for row in self.evaluated.rows(each) if each.fields else ():
                for inner in self._inner(each, row):
                    yield inner.id, inner, self.evaluated.value(inner, row)
