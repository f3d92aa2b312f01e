"""What every question shares: its name in the page, its label, its hint, its error. `views` knows the families."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from etoile.design.fields import FieldView
from etoile.gru.documents.models import Document
from etoile.gru.filling.offers import NOTHING, Offer
from etoile.gru.forms.definition import Field

_HIGH = re.compile(r"(?<=«) | (?=[?!:;»])")


@dataclass(frozen=True, slots=True)
class Question:
    """A field, whether these answers make it required, what was answered, what is wrong, and the files it holds.

    The field of a question in a row bears the identifier of its controls (`Field.in_row`). A block has its `rows`, and
    `new_row` to name the one that may be added. `offer` is what a table has to choose from. What is `fixed` was
    filled in beforehand, and is only read.
    """

    field: Field
    required: bool
    value: Any = None
    error: str = ""
    documents: Sequence[Document] = ()
    offer: Offer = NOTHING
    rows: "Sequence[QuestionRow]" = ()
    new_row: str = ""
    fixed: bool = False

    @property
    def name(self) -> str:
        return self.field.id

    @property
    def id(self) -> str:
        """Of its first control, to which the list of errors leads."""
        return identifier(self.name)

    @property
    def part_of(self) -> str:
        """What the parts of a composite refer to when something is wrong: the sentence stands above them."""
        return f"{self.id}-erreur" if self.error else ""


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One row of a block: its identifier, and its questions that are shown."""

    id: str
    questions: Sequence[Question]


# A builder is given the question and the widget of its type; `views.FAMILIES` names one per widget.
Builder = Callable[[Question, str], FieldView]
View = Callable[[Question], FieldView]


def base(question: Question, widget: str, **more: Any) -> FieldView:
    """The view with what all have in common; `more` completes it, or says otherwise."""
    each = question.field
    return FieldView(
        name=more.pop("name", question.name),
        label=unbroken(more.pop("label", each.label)),
        widget=widget,
        hint=unbroken(more.pop("hint", each.hint)),
        required=question.required,
        error=unbroken(question.error),
        autocomplete=more.pop("autocomplete", each.autocomplete),
        **more,
    )


def control(question: Question, part: str, label: str, widget: str, value: Any = "", **more: Any) -> FieldView:
    """One part of a composite: posted as `<name>.<part>`, under the sentence that says what is wrong with the whole."""
    return FieldView(
        name=f"{question.name}.{part}",
        id=more.pop("id", f"{question.id}-{part}"),
        label=label,
        widget=widget,
        value=value,
        required=more.pop("required", question.required),
        part_of=question.part_of,
        **more,
    )


def identifier(name: str) -> str:
    return "champ-" + name.replace(".", "-")


def unbroken(text: object) -> str:
    """French puts a space before its high punctuation; a line must not end there."""
    return _HIGH.sub("\u00a0", str(text))


def part_of_value(question: Question) -> Mapping[str, Any]:
    """The parts of a composite answer; none when it is not one."""
    return question.value if isinstance(question.value, Mapping) else {}
