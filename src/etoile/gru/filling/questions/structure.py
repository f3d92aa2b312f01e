"""What is read and not answered."""

from etoile.design.fields import FieldView
from etoile.gru.filling.questions.base import Builder, Question, base


def _title(question: Question, widget: str) -> FieldView:
    return base(question, "heading")


def _explanation(question: Question, widget: str) -> FieldView:
    return base(question, "explanation", value=str(question.field.hint), hint="")


BUILDERS: dict[str, Builder] = {"title": _title, "explanation": _explanation}
