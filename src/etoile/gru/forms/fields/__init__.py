"""The types of field a procedure may use, by name. A module of this folder that has a `TYPE` is one: nothing lists it
elsewhere."""

from importlib import import_module
from pkgutil import iter_modules

from etoile.gru.forms.fields.base import FieldType


def _found() -> dict[str, FieldType]:
    modules = [import_module(f"{__name__}.{each.name}") for each in iter_modules(__path__)]
    types: list[FieldType] = [module.TYPE for module in modules if hasattr(module, "TYPE")]
    return {each.name: each for each in types}


TYPES: dict[str, FieldType] = _found()
