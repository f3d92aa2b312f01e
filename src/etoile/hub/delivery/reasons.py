"""A decision is taken by somebody, for a reason in words."""


class ReasonMissingError(ValueError):
    """A decision needs a reason in words."""


def required(reason: str) -> None:
    """Raises ReasonMissingError for a reason without a word."""
    if not reason.strip():
        raise ReasonMissingError("a decision needs a reason in words")
