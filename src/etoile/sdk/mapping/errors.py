"""What is said of a mapping that cannot be read, or has no value on an event."""

from __future__ import annotations

from etoile.contract.problem import Violation
from etoile.expressions.errors import ExpressionError


class MappingError(ExpressionError):
    """`violations`: each leaf at fault, by its path in the tree, in French."""

    def __init__(self, violations: list[Violation]) -> None:
        super().__init__(" ".join(f"{each.pointer or '/'} : {each.detail}" for each in violations))
        self.violations = violations
