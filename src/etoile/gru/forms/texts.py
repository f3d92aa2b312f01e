"""Words a person reads, in French and in English. Procedures are data, so their words are data too."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

_CODE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class Text:
    """Printed as it is (`{{ field.label }}`), it speaks the language of the current request; French where English is
    missing.
    """

    fr: str = ""
    en: str = ""
    # Other languages, as (code, words): a town may add Breton to its procedures without touching the code.
    others: tuple[tuple[str, str], ...] = ()

    def said(self, language: str | None) -> str:
        code = (language or "").partition("-")[0]
        return dict(self.others).get(code) or (self.en if code == "en" else "") or self.fr

    def __str__(self) -> str:
        return self.said(get_language())

    def __bool__(self) -> bool:
        return bool(self.fr)

    @classmethod
    def of(cls, raw: Any) -> "Text":
        """From `{fr, en}` or a plain French string. Anything else is a TypeError, its message in French."""
        if raw is None:
            return cls()
        if isinstance(raw, str):
            return cls(fr=raw.strip())
        if isinstance(raw, Mapping) and all(_CODE.fullmatch(str(k)) and isinstance(v, str) for k, v in raw.items()):
            if raw and not str(raw.get("fr", "")).strip():
                raise TypeError("un texte s'écrit {fr: …, en: …} : le français est toujours là")
            words = {str(code): text.strip() for code, text in raw.items()}
            others = tuple(sorted((code, text) for code, text in words.items() if code not in {"fr", "en"} and text))
            return cls(words.get("fr", ""), words.get("en", ""), others)
        raise TypeError("un texte s'écrit {fr: …, en: …}")

    @property
    def published(self) -> dict[str, str]:
        """As the contract has it: French, and English when there is some."""
        return {code: words for code, words in self.raw().items() if code in ("fr", "en")}

    def raw(self) -> dict[str, str]:
        english = {"en": self.en} if self.en else {}
        return {"fr": self.fr, **english, **dict(self.others)}


NOTHING = Text()


def plain(words: str) -> str:
    """Lower case, without accents nor punctuation: what both sides of a search are compared in."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", words.lower()) if not unicodedata.combining(c))
    bare = bare.replace("œ", "oe").replace("æ", "ae")
    return " ".join("".join(c if c.isalnum() else " " for c in bare).split())


def distance(one: str, other: str) -> int:
    """Letters added, forgotten, changed or swapped with the next one, to go from a word to the other."""
    before: list[int] = []
    previous = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, previous = previous, row
    return previous[-1]
