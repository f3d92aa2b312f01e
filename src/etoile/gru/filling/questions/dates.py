"""A date in three boxes, as people know it (GOV.UK); a slot of hours on a day."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.design.fields import FieldView
from etoile.gru.filling.questions.base import Builder, Question, base, control, identifier, part_of_value
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.fields.date_time import split

# A whole date may be pasted in the first box, and a month may be named.
_PARTS = (
    ("day", gettext_lazy("Jour"), "tiny", 10),
    ("month", gettext_lazy("Mois"), "tiny", 10),
    ("year", gettext_lazy("Année"), "short", 4),
)


def _date(question: Question, widget: str) -> FieldView:
    example = TYPES[question.field.type].shown_example(question.field)
    hint = str(question.field.hint) or _("Par exemple : %(example)s") % {"example": example}
    birthday = question.field.autocomplete == "bday"
    parts = boxes(question, question.name, question.value, first=question.id, birthday=birthday)
    return base(question, "group", parts=parts, width="row", hint=hint, autocomplete="")


def _slot(question: Question, widget: str) -> FieldView:
    value, root = part_of_value(question), question.id
    dates = boxes(question, f"{question.name}.date", value.get("date"), first=root)
    hours = tuple(
        control(question, part, label, "time", value.get(part, ""), width="time")
        for part, label in (("start", _("Heure de début")), ("end", _("Heure de fin")))
    )
    return base(question, "group", parts=(*dates, *hours), width="row", autocomplete="")


def _moment(question: Question, widget: str) -> FieldView:
    day, hour = split(question.value)
    dates = boxes(question, question.name, day, first=question.id)
    time = control(question, "time", _("Heure"), "time", hour, width="time")
    return base(question, "group", parts=(*dates, time), width="row", autocomplete="")


def _period(question: Question, widget: str) -> FieldView:
    value = part_of_value(question)
    parts = tuple(
        FieldView(
            name=f"{question.name}.{part}",
            id=f"{question.id}-{part}",
            label=label,
            widget="group",
            parts=boxes(question, f"{question.name}.{part}", value.get(part), first=first),
            width="row",
            required=question.required,
        )
        for part, label, first in (
            ("start", _("Premier jour"), question.id),
            ("end", _("Dernier jour"), f"{question.id}-end-1"),
        )
    )
    return base(question, "group", parts=parts, autocomplete="")


def boxes(
    question: Question, name: str, value: Any, *, first: str = "", birthday: bool = False
) -> tuple[FieldView, ...]:
    """Day, month and year of `name`; `first` is the id of the day, when the error of the question leads to it."""
    pieces = _pieces(value)
    root = identifier(name)
    return tuple(
        FieldView(
            name=f"{name}.{part}",
            id=(first or root) if number == 0 else f"{root}-{number + 1}",
            label=str(label),
            widget="number",
            value=pieces.get(part, ""),
            required=question.required,
            width=width,
            maxlength=length,
            autocomplete=f"bday-{part}" if birthday else "",
            part_of=question.part_of,
        )
        for number, (part, label, width, length) in enumerate(_PARTS)
    )


def _pieces(value: Any) -> dict[str, str]:
    if isinstance(value, Mapping):
        return {part: str(value.get(part) or "") for part, *_rest in _PARTS}
    pieces = str(value or "").split("-")
    return dict(zip(("year", "month", "day"), pieces, strict=True)) if len(pieces) == 3 else {"day": str(value or "")}


BUILDERS: dict[str, Builder] = {"date": _date, "time_slot": _slot, "date_time": _moment, "period": _period}
