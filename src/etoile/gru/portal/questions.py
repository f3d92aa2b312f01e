"""From a procedure's field, its answer and its error, to what the design draws. The only place where both are known."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.design.fields import Attached, FieldView, Option
from etoile.gru.documents.kinds import accepted_extensions, accepted_words
from etoile.gru.documents.models import Document
from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.texts import Text

_HIGH = re.compile(r"(?<=«) | (?=[?!:;»])")
_DATE_PARTS = (
    ("day", gettext_lazy("Jour"), "tiny", 2),
    ("month", gettext_lazy("Mois"), "tiny", 2),
    ("year", gettext_lazy("Année"), "short", 4),
)


@dataclass(frozen=True, slots=True)
class Question:
    """A field, whether these answers make it required, what was answered, what is wrong, and the files it holds."""

    field: Field
    required: bool
    value: Any = None
    error: str = ""
    documents: Sequence[Document] = ()


def views(questions: Iterable[Question]) -> list[FieldView]:
    return [view(question) for question in questions]


def view(question: Question) -> FieldView:
    """The design's view of one question."""
    kind = TYPES[question.field.type]
    return _BUILDERS.get(kind.widget, _plain)(question, kind.widget)


def _base(question: Question, widget: str, **more: Any) -> FieldView:
    each = question.field
    return FieldView(
        name=each.id,
        label=unbroken(each.label),
        widget=widget,
        hint=unbroken(more.pop("hint", each.hint)),
        required=question.required,
        error=unbroken(question.error),
        autocomplete=more.pop("autocomplete", each.autocomplete),
        **more,
    )


def unbroken(text: object) -> str:
    """French puts a space before its high punctuation; a line must not end there."""
    return _HIGH.sub("\u00a0", str(text))


def _plain(question: Question, widget: str) -> FieldView:
    settings = question.field.settings
    suffix = str(Text.of(settings["suffix"])) if "suffix" in settings else "€" if widget == "decimal" else ""
    return _base(
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


def _choice(question: Question, widget: str) -> FieldView:
    each = question.field
    hints = {option.value: str(option.hint) for option in each.options}
    chosen = _chosen(question.value)
    options = tuple(
        Option(value, label, hints.get(value, ""), value in chosen)
        for value, label in TYPES[each.type].choices(each)  # type: ignore[attr-defined]
    )
    return _base(question, "select" if each.settings.get("display") == "list" else widget, options=options)


def _chosen(value: Any) -> set[str]:
    if isinstance(value, bool):
        return {"yes" if value else "no"}
    if isinstance(value, list | tuple):
        return {str(each) for each in value}
    return set() if value is None else {str(value)}


def _tick(question: Question, widget: str) -> FieldView:
    return _base(question, "checkbox", value=question.value is True)


def _date(question: Question, widget: str) -> FieldView:
    example = TYPES[question.field.type].shown_example(question.field)
    hint = str(question.field.hint) or _("Par exemple : %(example)s") % {"example": example}
    parts = _date_parts(question.field.id, question.value, question, question.field.autocomplete == "bday")
    return _base(question, "group", parts=parts, width="row", hint=hint, autocomplete="")


def _date_parts(name: str, value: Any, question: Question, birthday: bool) -> tuple[FieldView, ...]:
    pieces = _date_pieces(value)
    return tuple(
        FieldView(
            name=f"{name}.{part}",
            id=_identifier(name) if number == 0 else f"{_identifier(name)}-{number + 1}",
            label=str(label),
            widget="number",
            value=pieces.get(part, ""),
            required=question.required,
            width=width,
            maxlength=length,
            autocomplete=f"bday-{part}" if birthday else "",
            part_of=_error_of(question),
        )
        for number, (part, label, width, length) in enumerate(_DATE_PARTS)
    )


def _date_pieces(value: Any) -> dict[str, str]:
    if isinstance(value, Mapping):
        return {part: str(value.get(part) or "") for part, *_rest in _DATE_PARTS}
    pieces = str(value or "").split("-")
    return dict(zip(("year", "month", "day"), pieces, strict=True)) if len(pieces) == 3 else {"day": str(value or "")}


def _slot(question: Question, widget: str) -> FieldView:
    value = question.value if isinstance(question.value, Mapping) else {}
    name, root = question.field.id, _identifier(question.field.id)
    dates = _date_parts(f"{name}.date", value.get("date"), question, birthday=False)
    # The group's own identifier belongs to its first control: the day.
    dates = (replace(dates[0], id=root), *dates[1:])
    hours = tuple(
        FieldView(
            name=f"{name}.{part}",
            id=f"{root}-{part}",
            label=label,
            widget="time",
            value=value.get(part, ""),
            required=question.required,
            width="time",
            part_of=_error_of(question),
        )
        for part, label in (("start", _("Heure de début")), ("end", _("Heure de fin")))
    )
    return _base(question, "group", parts=(*dates, *hours), width="row", autocomplete="")


def _address(question: Question, widget: str) -> FieldView:
    labels = {
        "lines": (_("Numéro et voie"), "textarea", "", 2),
        "postal_code": (_("Code postal"), "number", "short", 1),
        "city": (_("Commune"), "text", "", 1),
    }
    tokens = TYPES["address"].part_tokens if question.field.autocomplete else {}  # type: ignore[attr-defined]
    value = question.value if isinstance(question.value, Mapping) else {}
    root = _identifier(question.field.id)
    parts = tuple(
        FieldView(
            name=f"{question.field.id}.{part}",
            id=root if number == 0 else f"{root}-{part}",
            label=label,
            widget=kind,
            value=value.get(part, ""),
            required=question.required,
            rows=rows,
            width=width,
            autocomplete=tokens.get(part, ""),
            part_of=_error_of(question),
        )
        for number, (part, (label, kind, width, rows)) in enumerate(labels.items())
    )
    return _base(question, "group", parts=parts, autocomplete="")


def _place(question: Question, widget: str) -> FieldView:
    """Words suffice, and are the way everyone can use; a map may be laid over later."""
    value = question.value if isinstance(question.value, Mapping) else {"text": question.value or ""}
    view = _base(question, "textarea", value=value.get("text", ""), rows=2, maxlength=300)
    return replace(view, name=f"{question.field.id}.text", id=_identifier(question.field.id))


def _file(question: Question, widget: str) -> FieldView:
    kind = TYPES["file"]
    expected, hint = kind.expected(question.field), str(question.field.hint)
    families = kind.accept(question.field)  # type: ignore[attr-defined]
    # Whoever wrote the procedure may already have said which files are taken: once is enough.
    if accepted_words(families[:1]) not in hint:
        hint = f"{hint}\n{expected}" if hint else expected
    most = kind.max_count(question.field)  # type: ignore[attr-defined]
    return _base(
        question,
        "file",
        hint=hint,
        attached=tuple(Attached(each.name, each.size, str(each.pk)) for each in question.documents),
        accept=",".join(accepted_extensions(families)),  # type: ignore[attr-defined]
        multiple=most > 1 and len(question.documents) < most,
        attach=question.field.id if most > 1 else "",
    )


def _title(question: Question, widget: str) -> FieldView:
    return _base(question, "heading")


def _explanation(question: Question, widget: str) -> FieldView:
    return _base(question, "explanation", value=str(question.field.hint), hint="")


def _identifier(name: str) -> str:
    return "champ-" + name.replace(".", "-")


def _error_of(question: Question) -> str:
    return f"{_identifier(question.field.id)}-erreur" if question.error else ""


_BUILDERS = {
    "radios": _choice,
    "checkboxes": _choice,
    "checkbox": _tick,
    "date": _date,
    "time_slot": _slot,
    "address": _address,
    "place": _place,
    "file": _file,
    "title": _title,
    "explanation": _explanation,
}
