"""How long a form takes: counted from the questions that are shown, never from those that are hidden."""

import math
from collections.abc import Iterable

from etoile.gru.filling.evaluated import Evaluated
from etoile.gru.forms.definition import Field, Page
from etoile.gru.forms.fields import TYPES

# Seconds to read a question and answer it. What takes longer than the rest: words to compose, a paper to find.
_USUAL = 15
_LONGER = {"file": 90, "textarea": 60, "address": 45, "group": 30, "date": 25, "map_point": 45, "text": 20, "email": 20}
_PAGE, _SUMMARY = 10, 60


def minutes(evaluated: Evaluated, pages: Iterable[Page]) -> int:
    """To fill these pages in and to read the summary: at least one."""
    seconds = _SUMMARY
    for page in pages:
        seconds += _PAGE + sum(_of(each, evaluated) for _section, fields in evaluated.sections(page) for each in fields)
    return max(math.ceil(seconds / 60), 1)


def _of(each: Field, evaluated: Evaluated) -> int:
    if each.fields:
        rows = max(len(evaluated.rows(each)), evaluated.least(each), 1)
        return rows * sum(_one(child) for child in each.fields if child.visible_when is None)
    return _one(each)


def _one(each: Field) -> int:
    kind = TYPES[each.type]
    return _LONGER.get(kind.widget, _USUAL) if kind.answered else 0
