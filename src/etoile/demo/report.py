"""What the journey says: progress as it goes, one line per case at the end."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TextIO

BOLD, DIM, GREEN, RED, PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[32m", "\x1b[31m", "\x1b[0m"


class Teller:
    """Prints steps; colours only on a terminal."""

    def __init__(self, output: TextIO = sys.stdout) -> None:
        self.output = output
        self.coloured = output.isatty()
        self.started = time.monotonic()

    def paint(self, words: str, colour: str) -> str:
        return f"{colour}{words}{PLAIN}" if self.coloured else words

    def say(self, words: str = "") -> None:
        self.output.write(words + "\n")
        self.output.flush()

    def note(self, words: str) -> None:
        self.say(self.paint(f"   {words}", DIM))

    def chapter(self, words: str) -> None:
        self.say()
        self.say(self.paint(words, BOLD))

    @contextmanager
    def step(self, words: str) -> Iterator[None]:
        """One thing to observe: « ✓ » when it was, « ✗ » when it was not, with the time it took."""
        begun = time.monotonic()
        if self.coloured:
            self.output.write(f" · {words}…")
            self.output.flush()
        try:
            yield
        except BaseException:
            self._end(self.paint("✗", RED), words, begun)
            raise
        self._end(self.paint("✓", GREEN), words, begun)

    def _end(self, mark: str, words: str, begun: float) -> None:
        took = self.paint(f"{time.monotonic() - begun:.1f} s", DIM)
        self.say(f"{chr(13) if self.coloured else ''} {mark} {words}  {took}")


@dataclass
class Line:
    """One case at the end: milliseconds from sending to delivery, and from the last answer to the citizen's e-mail."""

    procedure: str
    reference: str
    application: str
    spoken: str
    external_number: str
    status: str
    delivery_ms: float | None
    answer_ms: float | None


def table(lines: list[Line]) -> str:
    head = ("démarche", "référence", "application", "par", "numéro", "état", "remise", "réponse")
    rows = [
        (
            line.procedure,
            line.reference,
            line.application or "agents",
            line.spoken or "–",
            line.external_number or "–",
            line.status,
            milliseconds(line.delivery_ms),
            milliseconds(line.answer_ms),
        )
        for line in lines
    ]
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    written = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in [head, *rows]]
    return "\n".join(["", written[0], "  ".join("─" * width for width in widths), *written[1:]])


def milliseconds(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f} ms".replace(",", " ")
