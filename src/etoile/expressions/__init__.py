"""Expressions written by people: CEL with limits, and trees of conditions."""

from etoile.expressions.errors import ExpressionError

__all__ = ["ExpressionError"]
