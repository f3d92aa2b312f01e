"""What a template needs to draw one question of a form, whatever asked it.

The portal makes these from a procedure's fields, the back-office and the console from Django forms (`from_bound`).
Rule of identifiers: the first control of a field carries the field's own `id`, so that the error summary can always
link to `#id`; the others add `-2`, `-3`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

# widget -> (input type, inputmode) of the widgets that are one plain input
PLAIN_INPUTS: dict[str, tuple[str, str]] = {
    "text": ("text", ""),
    "email": ("email", "email"),
    "tel": ("tel", "tel"),
    "number": ("text", "numeric"),
    "decimal": ("text", "decimal"),
    "code": ("text", "text"),
    "password": ("password", ""),
    "search": ("search", "search"),
    "time": ("time", ""),
    "url": ("url", "url"),
    "hidden": ("hidden", ""),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of radios, checkboxes or a list; `group` heads those of a list that follow one another under it."""

    value: str
    label: str
    hint: str = ""
    checked: bool = False
    group: str = ""


@dataclass(frozen=True, slots=True)
class Attached:
    """One file already given: its size is in bytes; `remove` is the value of the button that takes it away, `note`
    what there is to say of it.
    """

    name: str
    size: int
    remove: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class RowView:
    """One row of a repeated block: `value` names it, `label` is read (« Stand 2 »), its button says `remove`."""

    value: str
    id: str
    label: str
    remove: str
    fields: tuple["FieldView", ...] = ()


@dataclass(frozen=True, slots=True)
class FieldView:
    """One question. `widget` names a template of `design/widgets/` or one of `PLAIN_INPUTS`."""

    name: str
    label: str
    widget: str = "text"
    id: str = ""
    hint: str = ""
    required: bool = False
    value: Any = ""
    error: str = ""
    options: tuple[Option, ...] = ()
    parts: tuple["FieldView", ...] = ()
    attached: tuple[Attached, ...] = ()
    blocks: tuple[RowView, ...] = ()
    add: str = ""
    autocomplete: str = ""
    width: str = ""
    rows: int = 5
    maxlength: int | None = None
    accept: str = ""
    multiple: bool = False
    attach: str = ""
    suffix: str = ""
    part_of: str = ""
    # What is told rather than asked: (label, value) pairs, and a sentence (`status`: why it is so, for a style);
    # `needs` names the controls it follows from.
    facts: tuple[tuple[str, str], ...] = ()
    note: str = ""
    status: str = ""
    needs: str = ""

    def __post_init__(self) -> None:
        if not self.id:
            object.__setattr__(self, "id", "champ-" + self.name.replace(".", "-"))

    @property
    def template(self) -> str:
        return f"design/widgets/{'input' if self.widget in PLAIN_INPUTS else self.widget}.html"

    @property
    def input_type(self) -> str:
        return PLAIN_INPUTS.get(self.widget, ("text", ""))[0]

    @property
    def inputmode(self) -> str:
        return PLAIN_INPUTS.get(self.widget, ("text", ""))[1]

    @property
    def describedby(self) -> str:
        """The ids of the hint and of the error, for `aria-describedby`; empty when there is neither."""
        own = (f"{self.id}-aide" if self.hint else "", f"{self.id}-erreur" if self.error else self.part_of)
        return " ".join(part for part in own if part)

    @property
    def invalid(self) -> bool:
        return bool(self.error or self.part_of)

    @property
    def short_choices(self) -> bool:
        """Few and short answers (« Oui », « Non ») stand side by side."""
        return len(self.options) <= 3 and all(len(each.label) <= 12 and not each.hint for each in self.options)


@dataclass(frozen=True, slots=True)
class ErrorLink:
    """One line of the error summary: the id of the control to go to, and the sentence."""

    target: str
    message: str


def errors_of(fields: Iterable[FieldView]) -> list[ErrorLink]:
    """The error summary of a page, in the order of its questions."""
    found: list[ErrorLink] = []
    for field in fields:
        if field.error:
            found.append(ErrorLink(field.id, field.error))
        # The sentence of a composite stands for its parts, that of a block says nothing of its rows.
        found.extend(errors_of(() if field.error else field.parts))
        for row in field.blocks:
            found.extend(errors_of(row.fields))
    return found


_WIDGETS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.HiddenInput, "hidden"),
    (forms.PasswordInput, "password"),
    (forms.EmailInput, "email"),
    (forms.URLInput, "url"),
    (forms.Textarea, "textarea"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.Select, "select"),
    (forms.CheckboxInput, "checkbox"),
    (forms.FileInput, "file"),
    (forms.NumberInput, "number"),
    (forms.DateInput, "native_date"),
)

# The keyboard that a text asks for (`inputmode`, or `autocapitalize`) -> the widget that brings it on a phone.
_KEYBOARDS = {"numeric": "number", "decimal": "decimal", "tel": "tel", "characters": "code"}


def from_bound(bound: BoundField) -> FieldView:
    """The view of a Django form's field, for pages whose form is written in Python."""
    widget = bound.field.widget
    kind = next((name for cls, name in _WIDGETS if isinstance(widget, cls)), "text")
    if kind == "text":
        kind = _KEYBOARDS.get(widget.attrs.get("inputmode") or widget.attrs.get("autocapitalize", ""), kind)
    value = bound.value()
    if isinstance(value, date):
        # A date control holds the form of machines, whatever the language of the page.
        value = value.isoformat()
    chosen = {str(item) for item in value} if isinstance(value, list | tuple) else {str(value)}
    choices = getattr(widget, "choices", ()) if kind in {"select", "radios", "checkboxes"} else ()
    options = tuple(_options(choices, chosen))
    return FieldView(
        name=bound.html_name,
        label=str(bound.label or ""),
        widget=kind,
        id=bound.id_for_label or bound.auto_id or "",
        hint=str(bound.help_text or ""),
        required=bound.field.required,
        value="" if value is None else value,
        error=" ".join(str(message) for message in bound.errors),
        options=options,
        autocomplete=str(widget.attrs.get("autocomplete", "")),
        rows=int(widget.attrs.get("rows", 5)),
        maxlength=getattr(bound.field, "max_length", None),
        accept=str(widget.attrs.get("accept", "")),
        multiple=bool(getattr(widget, "allow_multiple_selected", False)),
    )


def _options(choices: Iterable[tuple[Any, Any]], chosen: set[str], group: str = "") -> Iterator[Option]:
    """Django's choices; those of a group are a list under its name."""
    for value, text in choices:
        if isinstance(text, list | tuple):
            yield from _options(text, chosen, str(value))
        else:
            yield Option(str(value), str(text), checked=str(value) in chosen, group=group)


def errors_of_form(form: forms.BaseForm) -> list[ErrorLink]:
    """The error summary of a Django form; errors of the whole form lead to its first field."""
    fields = [from_bound(bound) for bound in form]
    first = next((field.id for field in fields if field.widget != "hidden"), "contenu")
    whole = [ErrorLink(first, str(message)) for message in form.non_field_errors()]
    return whole + errors_of(fields)
