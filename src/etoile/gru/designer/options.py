"""The answers offered by a choice: rows to write in, which can be added, moved and emptied without a script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from etoile.gru.forms.editing.source import Node, Source
from etoile.gru.forms.texts import Text

BLANK = 3
MOST = 200


@dataclass(frozen=True, slots=True)
class Row:
    """`value` is what answers, conditions and applications know: it is made once from the words and stays."""

    number: int
    value: str
    label: str
    label_en: str
    hint: str
    hint_en: str


class Choices:
    """Read from a posted form, or from the options of the source."""

    def __init__(self, data: Mapping[str, Any] | None, options: Sequence[Node]) -> None:
        self._before = {str(each.get("value")): each for each in options}
        self.rows = (
            self._posted(data)
            if data is not None
            else [
                Row(number, str(each.get("value", "")), *_said(each, "label"), *_said(each, "hint"))
                for number, each in enumerate(options)
            ]
        )
        if data is not None and data.get("option-up", "").isdecimal():
            self._up(int(data["option-up"]))
        empty = sum(1 for each in self.rows if not each.label)
        extra = BLANK if data is None or "more" in data else max(0, 1 - empty)
        self.rows += [Row(len(self.rows) + number, "", "", "", "", "") for number in range(extra)]

    def _posted(self, data: Mapping[str, Any]) -> list[Row]:
        found = []
        for number in range(MOST):
            if f"option-{number}-label" not in data:
                break
            given = {part: str(data.get(f"option-{number}-{part}", "")).strip()[:300] for part in PARTS}
            found.append(Row(number, *(given[part] for part in PARTS)))
        return found

    def _up(self, number: int) -> None:
        if 0 < number < len(self.rows):
            self.rows[number - 1], self.rows[number] = self.rows[number], self.rows[number - 1]
            self.rows = [
                Row(place, each.value, each.label, each.label_en, each.hint, each.hint_en)
                for place, each in enumerate(self.rows)
            ]

    def kept(self) -> list[Node]:
        """The options of the source: rows without words are left out, new ones get a value from their words."""
        taken = {each.value for each in self.rows if each.value and each.label}
        found: list[Node] = []
        for row in self.rows:
            if not row.label:
                continue
            value = row.value or _fresh(row.label, taken)
            taken.add(value)
            before = self._before.get(value, {})
            node = {key: each for key, each in before.items() if key not in ("value", "label", "hint")}
            node = {"value": value, "label": _text(before.get("label"), row.label, row.label_en), **node}
            if row.hint:
                node["hint"] = _text(before.get("hint"), row.hint, row.hint_en)
            found.append(node)
        return found


PARTS = ("value", "label", "label_en", "hint", "hint_en")


def _said(node: Node, key: str) -> tuple[str, str]:
    text = Text.of(node.get(key))
    return text.fr, text.en


def _text(before: Any, french: str, english: str) -> dict[str, str]:
    others = {code: words for code, words in Text.of(before).raw().items() if code not in ("fr", "en")}
    return {"fr": french, **({"en": english} if english else {}), **others}


def _fresh(words: str, taken: set[str]) -> str:
    return Source({}).fresh(words, avoid=frozenset(taken))
