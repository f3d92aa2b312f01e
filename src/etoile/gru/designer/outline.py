"""The outline of a procedure: what is on which page, in the words people read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.urls import reverse
from django.utils.translation import gettext as _

from etoile.gru.forms.definition import Definition, Field, Page, Section
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.sentences import sentence


@dataclass(frozen=True, slots=True)
class Line:
    """One element: `kind` page, section or field; `marks` are small facts; `condition` a sentence, when there is one.

    `holder` is where a question stands (a section or a block); `number` its place there, from 0.
    """

    kind: str
    id: str
    words: str
    href: str
    icon: str = ""
    type: str = ""
    marks: tuple[str, ...] = ()
    condition: str = ""
    holder: str = ""
    number: int = 0
    is_first: bool = False
    is_last: bool = False
    lines: tuple["Line", ...] = field(default=())
    hints: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        return f"{self.kind}-{self.id}"


Hints = Mapping[str, Sequence[str]]
NO_HINTS: Hints = {}
ICONS = {
    "person": "user", "contact": "mail", "text": "edit", "number": "chart", "time": "calendar", "choice": "check",
    "organisation": "briefcase", "file": "upload", "page": "info",
}  # fmt: skip


def outline(definition: Definition, slug: str, hints: Hints = NO_HINTS) -> tuple[Line, ...]:
    """Pages, holding sections, holding questions, holding those of blocks; `hints` by anchor."""
    pages = _pages(definition, slug)
    return tuple(_advised(each, hints) for each in pages) if hints else pages


def _advised(line: Line, hints: Hints) -> Line:
    inner = tuple(_advised(each, hints) for each in line.lines)
    return replace(line, hints=tuple(hints.get(line.anchor, ())), lines=inner)


def _pages(definition: Definition, slug: str) -> tuple[Line, ...]:
    names = labels(definition)
    pages = definition.pages
    return tuple(
        Line(
            "page",
            page.id,
            str(page.title),
            reverse("designer:page", args=[slug, page.id]),
            number=number,
            is_first=number == 0,
            is_last=number == len(pages) - 1,
            lines=tuple(_section(page, at, each, slug, names) for at, each in enumerate(page.sections)),
        )
        for number, page in enumerate(pages)
    )


def labels(definition: Definition) -> dict[str, Field]:
    """Every question by its identifier, for the sentences of conditions."""
    return {each.id: each for each in definition.every_field()}


def _section(page: Page, number: int, section: Section, slug: str, names: dict[str, Field]) -> Line:
    return Line(
        "section",
        section.id,
        str(section.title) or _("Partie sans titre"),
        reverse("designer:section", args=[slug, section.id]),
        condition=sentence(section.visible_when, names),
        number=number,
        is_first=number == 0,
        is_last=number == len(page.sections) - 1,
        lines=_fields(section.fields, section.id, slug, names),
    )


def _fields(fields: tuple[Field, ...], holder: str, slug: str, names: dict[str, Field]) -> tuple[Line, ...]:
    return tuple(
        Line(
            "field",
            each.id,
            str(each.label) or _("Question sans libellé"),
            reverse("designer:field", args=[slug, each.id]),
            icon=ICONS.get(TYPES[each.type].family, "edit"),
            type=str(TYPES[each.type].label),
            marks=tuple(_marks(each)),
            condition=sentence(each.visible_when, names),
            holder=holder,
            number=number,
            is_first=number == 0,
            is_last=number == len(fields) - 1,
            lines=_fields(each.fields, each.id, slug, names),
        )
        for number, each in enumerate(fields)
    )


def _marks(each: Field) -> Iterator[str]:
    if each.required:
        yield _("obligatoire")
    elif each.required_when:
        yield _("parfois obligatoire")
    if each.sensitive:
        yield _("donnée sensible")
