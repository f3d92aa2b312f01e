"""What is read and not answered: a title inside a section, an explanation."""

from typing import Any

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.base import FieldType


class Title(FieldType):
    name = "title"
    widget = "title"
    answered = False
    valued = False

    def read(self, data: Any, field: Field) -> None:
        return None

    def normalise(self, raw: Any, field: Field) -> None:
        return None

    def check(self, value: Any, field: Field) -> None:
        return None

    def missing(self, field: Field) -> str:
        return ""


class Explanation(Title):
    """The label is its title, the hint its text."""

    name = "explanation"
    widget = "explanation"


TYPES = (Title(), Explanation())
