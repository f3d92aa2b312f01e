"""What a program gives: texts that can be kept, nests that have a bottom."""

from typing import Annotated, Self

from ninja import Schema
from pydantic import AfterValidator, model_validator

from etoile.gru.api.problems import storable

_WORDS = "contient des caractères ou des niveaux qui ne se lisent pas"


def _readable(text: str) -> str:
    if not storable(text):
        raise ValueError(_WORDS)
    return text


# One value of a form.
Line = Annotated[str, AfterValidator(_readable)]


class Given(Schema):
    """The body of a request."""

    @model_validator(mode="after")
    def _storable(self) -> Self:
        if not storable(dict(self)):
            raise ValueError(_WORDS)
        return self
