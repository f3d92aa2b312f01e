"""The page before sending: every visible question with its answer in words, each with the page that changes it (RGAA
11.12)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from etoile.gru.filling.evaluated import Evaluated
from etoile.gru.forms.definition import Field, Page, Section
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.fields.repeated import ROW
from etoile.gru.forms.rows import row_lines, row_name


@dataclass(frozen=True, slots=True)
class Line:
    """`words` is empty when the question was left; several lines are joined by line feeds."""

    field: Field
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class SummarySection:
    section: Section
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class SummaryPage:
    page: Page
    title: str
    sections: tuple[SummarySection, ...]


def summary_of(evaluated: Evaluated) -> tuple[SummaryPage, ...]:
    """In the language of the request."""
    pages = []
    for page in evaluated.definition.pages:
        sections = tuple(
            SummarySection(section, str(section.title), tuple(_lines(fields, evaluated)))
            for section, fields in evaluated.sections(page)
        )
        kept = tuple(section for section in sections if section.lines)
        if kept:
            pages.append(SummaryPage(page, str(page.title), kept))
    return tuple(pages)


def _lines(fields: Sequence[Field], evaluated: Evaluated) -> Iterator[Line]:
    for each in fields:
        kind = TYPES[each.type]
        if each.fields:
            yield from _rows(each, evaluated)
        elif kind.valued:
            yield Line(each, str(each.label), kind.summary(evaluated.value(each), each))


def _rows(block: Field, evaluated: Evaluated) -> Iterator[Line]:
    """One line a row, which says its questions one under the other."""
    rows = evaluated.rows(block)
    if not rows:
        yield Line(block, str(block.label), "")
    for number, row in enumerate(rows, start=1):
        shown = {
            child.id: evaluated.value(block.in_row(row[ROW], child), row) for child in evaluated.questions(block, row)
        }
        yield Line(block, row_name(block, number), "\n".join(row_lines(block, shown)))


def _said(label: str, words: str) -> str:
    """« Longueur : 4 m », « Gardez-vous une voiture ? Non »."""
    between = " " if label.endswith(("?", ":")) else " : "
    return f"{label}{between}{words.replace(chr(10), ', ')}"
