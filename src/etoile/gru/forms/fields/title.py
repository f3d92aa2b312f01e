from typing import Any

from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.base import FieldType


class Title(FieldType):
    """Read, not answered: a title inside a section."""

    name = "title"
    label = gettext_lazy("Titre")
    family = "page"
    privacy = "none"
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


TYPE = Title()
