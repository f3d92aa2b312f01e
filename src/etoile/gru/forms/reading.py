"""From a posted page to raw answers: each type knows the names of its controls (`<id>`, or `<id>.<part>`)."""

from typing import Any

from django.http import QueryDict

from etoile.gru.forms.definition import Definition, Page
from etoile.gru.forms.fields import TYPES


def answers_of(page: Page, data: QueryDict) -> dict[str, Any]:
    """Raw answers of a page, to give to `validation.validate`. A control that is absent gives None."""
    return {each.id: TYPES[each.type].read(data, each) for each in page.fields if TYPES[each.type].answered}


def declarations_of(definition: Definition, data: QueryDict) -> dict[str, Any]:
    return {each.id: data.get(each.id) for each in definition.declarations}
