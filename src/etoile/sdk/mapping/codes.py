"""Code lists: what one side calls `eclairage`, the other calls `LUM`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from etoile.expressions.errors import ExpressionError

REFUSED = object()


@dataclass(frozen=True, slots=True)
class CodeTable:
    """`values`: source value, as text, to the application's. `back`: what an application's value means when it is not
    the only source of it. The defaults are REFUSED when a value out of the table has no answer."""

    name: str
    values: Mapping[str, Any]
    default: Any = REFUSED
    back: Mapping[str, Any] = field(default_factory=dict)
    back_default: Any = REFUSED

    def forward(self, value: Any) -> Any:
        """The application's value. ExpressionError for one that the table refuses; it does not repeat the value."""
        return self._found(self.values, self.default, value)

    def backward(self, value: Any) -> Any:
        """The value of the contract for one of the application's. ExpressionError as above."""
        return self._found(self.returning(), self.back_default, value)

    def returning(self) -> dict[str, Any]:
        """The table read from the application: the first source value written wins, `back` wins over it."""
        found: dict[str, Any] = {}
        for source, target in self.values.items():
            found.setdefault(text(target), source)
        return {**found, **self.back}

    def ambiguous(self) -> list[str]:
        """Values of the application that several source values give, and that `back` does not settle."""
        given = [text(target) for target in self.values.values()]
        return sorted({each for each in given if given.count(each) > 1 and each not in self.back})

    def _found(self, table: Mapping[str, Any], default: Any, value: Any) -> Any:
        if isinstance(value, dict | list):
            raise ExpressionError(f"La table « {self.name} » attend un texte, un nombre, ou vrai ou faux.")
        found = table.get(text(value), default)
        if found is REFUSED:
            raise ExpressionError(f"Cette valeur n'est pas dans la table « {self.name} », qui n'a pas de défaut.")
        return found


def text(value: Any) -> str:
    """A value as a name of the table: YAML reads true and 3 where JSON has only texts as names."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
