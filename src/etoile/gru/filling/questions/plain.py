"""One box: words, numbers, amounts, addresses of mail, phones."""

from typing import Any

from etoile.design.fields import FieldView
from etoile.gru.filling.questions.base import Question, base
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.texts import Text

# People write these by groups of digits, and find a mistake better so.
_AS_READ = {"phone", "iban", "siret", "siren"}


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
    value, kind = question.value, TYPES[question.field.type]
    if value is None:
        return ""
    if question.field.type == "amount" and isinstance(value, int):
        return kind.typed(value)
    if question.field.type == "decimal" and isinstance(value, float):
        return kind.shown(value).replace("\u202f", " ")
    if question.field.type in _AS_READ and not question.error:
        return kind.summary(value, question.field).replace("\u00a0", " ")
    return value
