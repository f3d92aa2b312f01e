"""The types of field a procedure may use, by name."""

from etoile.gru.forms.fields import choices, contact, files, identity, numbers, places, structure, texts, times
from etoile.gru.forms.fields.base import FieldType

_MODULES = (structure, texts, identity, contact, numbers, times, choices, files, places)

TYPES: dict[str, FieldType] = {each.name: each for module in _MODULES for each in module.TYPES}
