"""A page of a procedure and the summary, made ready for the templates."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from etoile.design.fields import FieldView
from etoile.design.parts import SummaryRow
from etoile.gru.filling import services
from etoile.gru.filling.opened import Filling
from etoile.gru.filling.questions import Question, unbroken, view
from etoile.gru.filling.sheets import Part, Sheet
from etoile.gru.forms.definition import Page


@dataclass(frozen=True, slots=True)
class SummaryPart:
    """One page of the summary, and the address that changes it."""

    title: str
    href: str
    sections: tuple[tuple[str, tuple[SummaryRow, ...]], ...]


def parts(here: Page, filling: Filling, errors: Mapping[str, str]) -> list[Part]:
    authority = filling.version.procedure.authority_id
    return Sheet(filling.evaluated, errors, filling.draft.id, authority, fixed=filling.fixed).parts(here)


def shown_fields(here: Page, filling: Filling) -> set[str]:
    """The addresses of the questions this page shows, those of the empty rows it offers too."""
    return filling.evaluated.with_rows(here, filling.draft.id).on(here)


def summary(filling: Filling, address_of: Callable[[Page], str]) -> list[SummaryPart]:
    return [
        SummaryPart(
            part.title,
            address_of(part.page),
            tuple(
                (
                    section.title,
                    tuple(
                        SummaryRow(unbroken(line.label), line.words.split("\n") if line.words else ())
                        for line in section.lines
                    ),
                )
                for section in part.sections
            ),
        )
        for part in services.summary(filling)
    ]


def declarations(filling: Filling, errors: Mapping[str, str], posted: Mapping[str, Any]) -> list[FieldView]:
    return [
        view(Question(each, each.required, posted.get(each.id) is not None or None, errors.get(each.id, "")))
        for each in filling.definition.declarations
    ]


def address(filling: Filling, to: Page | None) -> str:
    """The page, or the summary when there is none left."""
    slug, identifier = filling.version.procedure.slug, filling.draft.id
    if to is None:
        return reverse(f"{filling.within}:summary", args=[slug, identifier])
    return reverse(f"{filling.within}:page", args=[slug, identifier, to.id])
