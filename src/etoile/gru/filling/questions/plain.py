"""One box: words, numbers, amounts, addresses of mail, phones."""

from typing import Any

from etoile.design.fields import FieldView
from etoile.gru.filling.questions.base import Question, base
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.texts import Text


def build(question: Question, widget: str) -> FieldView:
    settings = question.field.settings
    suffix = str(Text.of(settings["suffix"])) if "suffix" in settings else "€" if widget == "decimal" else ""
    return base(
        question,
        widget,
        value=_shown(question),
        suffix=suffix,
        width=str(settings.get("width", "short" if widget in ("number", "decimal") else "")),
        rows=int(settings.get("rows", 5)),
    )


def _shown(question: Question) -> Any:
    """What stands in the box: amounts are kept in cents and phones in E.164, people read neither."""
    value = question.value
    if value is None:
        return ""
    if question.field.type == "amount" and isinstance(value, int):
        return f"{value / 100:.2f}".replace(".", ",")
    if question.field.type == "phone" and not question.error:
        return TYPES["phone"].summary(value, question.field)
    return value
