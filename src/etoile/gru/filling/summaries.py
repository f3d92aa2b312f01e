"""The page before sending: every visible question with its answer in words, each with the page that changes it (RGAA
11.12)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from etoile.gru.forms.definition import Definition, Field, Page, Section
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.validation import visible_sections


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


def summary_of(
    definition: Definition, answers: Mapping[str, Any], documents: Mapping[str, Sequence[Any]]
) -> tuple[SummaryPage, ...]:
    """In the language of the request. `answers` normalised and in clear, `documents` by field."""
    seen = {**answers, **{field: list(given) for field, given in documents.items() if given}}
    pages = []
    for page in definition.pages:
        sections = tuple(
            SummarySection(section, str(section.title), _lines(fields, seen))
            for section, fields in visible_sections(page, seen)
        )
        kept = tuple(section for section in sections if section.lines)
        if kept:
            pages.append(SummaryPage(page, str(page.title), kept))
    return tuple(pages)


def _lines(fields: Sequence[Field], answers: Mapping[str, Any]) -> tuple[Line, ...]:
    return tuple(
        Line(each, str(each.label), TYPES[each.type].summary(answers.get(each.id), each))
        for each in fields
        if TYPES[each.type].answered
    )
