"""What a letter says, in order; the template decides how it looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any


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


Block = Heading | Words | Facts


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
