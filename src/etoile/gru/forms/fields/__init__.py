"""The types of field a procedure may use, by name."""

from etoile.gru.forms.fields import (
    calculated,
    choices,
    contact,
    files,
    identity,
    numbers,
    places,
    repeated,
    structure,
    texts,
    times,
)
from etoile.gru.forms.fields.base import FieldType

_MODULES = (structure, texts, identity, contact, numbers, times, choices, files, places, repeated, calculated)

TYPES: dict[str, FieldType] = {each.name: each for module in _MODULES for each in module.TYPES}
