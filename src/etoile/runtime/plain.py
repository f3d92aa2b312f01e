"""The errors a person caused or can mend: the command shows their message alone, without a trace."""


class PlainError(Exception):
    """Its message is complete sentences: what is wrong, what to do. `etoile` prints it and ends with `status`."""

    status = 1


class MisuseError(PlainError):
    """The command was called in a way that has no meaning."""

    status = 2
