"""What is said, in French, of an expression that cannot be read or computed."""


class ExpressionError(ValueError):
    """`str(error)` is French and made for the person who wrote the expression; it never holds a value of the data.

    `column` (from 1) is the place in the expression, when it is known.
    """

    def __init__(self, message: str, *, column: int | None = None) -> None:
        super().__init__(message)
        self.column = column


class AbsentError(ExpressionError):
    """The expression is right, and the data do not have the value it reads."""
