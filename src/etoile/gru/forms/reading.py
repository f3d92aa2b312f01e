"""From a posted page to raw answers: each type knows the names of its controls (`<id>`, or `<id>.<part>`)."""

from typing import Any

from django.http import QueryDict

from etoile.gru.forms.definition import Definition, Field, Page
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.fields.repeated import ROW


def answers_of(page: Page, data: QueryDict) -> dict[str, Any]:
    """Raw answers of a page, to give to `validation.validate`. A control that is absent gives None."""
    return {each.id: _answer(each, data) for each in page.fields if TYPES[each.type].answered}


def _answer(each: Field, data: QueryDict) -> Any:
    given = TYPES[each.type].read(data, each)
    if not each.fields:
        return given
    children = [child for child in each.fields if TYPES[child.type].answered]
    return [
        row | {child.id: TYPES[child.type].read(data, each.in_row(row[ROW], child)) for child in children}
        for row in given
    ]


def declarations_of(definition: Definition, data: QueryDict) -> dict[str, Any]:
    return {each.id: data.get(each.id) for each in definition.declarations}
