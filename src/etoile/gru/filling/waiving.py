"""Questions that need no answer, although the procedure wants one.

The e-mail identifies who writes on line (CRPA R112-9-1): somebody at the counter, on the phone or by letter may have
none, and is written to by post.
"""

from dataclasses import replace
from functools import lru_cache

from etoile.gru.filling.models import Draft
from etoile.gru.forms.definition import Definition, Page


def emails(definition: Definition) -> list[str]:
    """The questions that ask for the applicant's e-mail."""
    return [each.id for each in definition.fields if each.applicant == "email"]


def definition_of(draft: Draft) -> Definition:
    """The procedure as it is asked in this draft."""
    return waived_in(draft.version.definition, tuple(draft.waived))


@lru_cache(maxsize=64)
def _lifted(definition: Definition, waived: tuple[str, ...]) -> Definition:
    return replace(definition, pages=tuple(_page(each, waived) for each in definition.pages))


def waived_in(definition: Definition, waived: tuple[str, ...]) -> Definition:
    """The same procedure, where these questions may be left without answer."""
    return _lifted(definition, waived) if waived else definition


def _page(page: Page, waived: tuple[str, ...]) -> Page:
    sections = (
        replace(
            section,
            fields=tuple(
                replace(each, required=False, required_when=None) if each.id in waived else each
                for each in section.fields
            ),
        )
        for section in page.sections
    )
    return replace(page, sections=tuple(sections))
