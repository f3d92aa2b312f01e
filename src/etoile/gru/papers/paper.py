"""What a letter says, in order; the template decides how it looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

# Lines past which a record may go on to the next page: whole, it would leave too much of this one empty.
LONG_RECORD = 18


@dataclass(frozen=True, slots=True)
class Heading:
    text: str

    def raw(self) -> dict[str, Any]:
        return {"kind": "heading", "text": self.text}


@dataclass(frozen=True, slots=True)
class Words:
    """One paragraph; its line feeds are kept."""

    text: str

    def raw(self) -> dict[str, Any]:
        return {"kind": "words", "lines": self.text.split("\n")}


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of a label and a value; the line feeds of a value are kept."""

    rows: Sequence[tuple[str, str]]

    def raw(self) -> dict[str, Any]:
        return {"kind": "facts", "rows": [{"label": name, "lines": value.split("\n")} for name, value in self.rows]}


@dataclass(frozen=True, slots=True)
class Record:
    """What one row of a list says: a label and its value on a line, kept on one page when it is short."""

    rows: Sequence[tuple[str, str]]

    def raw(self) -> dict[str, Any]:
        long = sum(1 + value.count("\n") + len(value) // 90 for _name, value in self.rows) > LONG_RECORD
        return {**Facts(self.rows).raw(), "kind": "record", "long": long}


Block = Heading | Words | Facts | Record


@dataclass(frozen=True, slots=True)
class Paper:
    """`title` is the name of the file for who listens to it; `language` a BCP 47 tag; `sender` the authority's name
    and, line by line, how to reach it; `colour` the town's, as `#rrggbb`; `recipient` the lines of a
    postal address, where a letter is posted."""

    title: str
    language: str
    sender: str
    address: Sequence[str]
    day: date
    blocks: Sequence[Block]
    reference: str = ""
    colour: str = ""
    recipient: Sequence[str] = ()

    def raw(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "language": self.language,
            "sender": self.sender,
            "address": list(self.address),
            "year": self.day.year,
            "month": self.day.month,
            "day": self.day.day,
            "reference": self.reference,
            "colour": self.colour,
            "recipient": list(self.recipient),
            "blocks": [each.raw() for each in self.blocks],
        }


def paragraphs(text: str) -> list[Block]:
    """A kept letter, whose paragraphs are parted by an empty line."""
    return [Words(each.strip("\n")) for each in text.split("\n\n") if each.strip()]
