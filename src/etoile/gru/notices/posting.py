"""What becomes of a notice to somebody without e-mail. The room that prints letters registers it."""

from collections.abc import Callable

from etoile.gru.notices.models import Notice

Printer = Callable[[Notice], None]
_printers: list[Printer] = []


def register(printer: Printer) -> None:
    """Called in the transaction that writes the notice, when it is about a case. The last one registered answers."""
    _printers[:] = [printer]


def post(notice: Notice) -> None:
    for printer in _printers:
        printer(notice)
