"""Words a person reads, in French and in English. Procedures are data, so their words are data too."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language


@dataclass(frozen=True, slots=True)
class Text:
    """Printed as it is (`{{ field.label }}`), it speaks the language of the current request; French where English is
    missing.
    """

    fr: str = ""
    en: str = ""

    def said(self, language: str | None) -> str:
        return self.en if self.en and (language or "").startswith("en") else self.fr

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
        if isinstance(raw, Mapping) and set(raw) <= {"fr", "en"} and all(isinstance(v, str) for v in raw.values()):
            return cls(fr=raw.get("fr", "").strip(), en=raw.get("en", "").strip())
        raise TypeError("un texte s'écrit {fr: …, en: …}")

    def raw(self) -> dict[str, str]:
        return {"fr": self.fr, "en": self.en} if self.en else {"fr": self.fr}


NOTHING = Text()
