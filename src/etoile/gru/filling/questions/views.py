"""Which module draws which widget. A type of field with a new widget adds one line here, and its module."""

from collections.abc import Iterable

from etoile.design.fields import FieldView
from etoile.gru.filling.questions import choices, dates, files, people, places, plain, repeated, sources, structure
from etoile.gru.filling.questions.base import Builder, Question
from etoile.gru.forms.fields import TYPES


def views(questions: Iterable[Question]) -> list[FieldView]:
    return [view(question) for question in questions]


def view(question: Question) -> FieldView:
    """The design's view of one question."""
    kind = TYPES[question.field.type]
    if question.fixed:
        return sources.told(question)
    return FAMILIES.get(kind.widget, plain.build)(question, kind.widget)


FAMILIES: dict[str, Builder] = {
    **choices.BUILDERS,
    **dates.BUILDERS,
    **places.BUILDERS,
    **people.BUILDERS,
    **files.BUILDERS,
    **structure.BUILDERS,
    **sources.BUILDERS,
    **repeated.BUILDERS,
    **repeated.builders(view),
}
