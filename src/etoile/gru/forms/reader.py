"""Reading data strictly: each key is read once, what is left over is a problem, and every problem says where it is."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from etoile.gru.forms.rules import Tree
from etoile.gru.forms.texts import Text

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
DURATION = re.compile(r"P(?!\Z)(?:\d{1,3}Y)?(?:\d{1,3}M)?(?:\d{1,4}D)?")


class Reader:
    def __init__(self, data: Any, place: str = "", problems: list[str] | None = None) -> None:
        self.place = place
        self.problems: list[str] = [] if problems is None else problems
        self._left: dict[str, Any] = {}
        if isinstance(data, Mapping):
            self._left = {str(key): value for key, value in data.items()}
        elif data is not None:
            self.problem("", "un ensemble de clés est attendu")

    def problem(self, key: str, words: str) -> None:
        where = ".".join(part for part in (self.place, key) if part)
        self.problems.append(f"{where} : {words}" if where else words)

    def _take(self, key: str, required: bool = False) -> Any:
        value = self._left.pop(key, None)
        if value is None and required:
            self.problem(key, "manque")
        return value

    def has(self, key: str) -> bool:
        """Whether the key is given. A key without a value is not, and is read by this."""
        if self._left.get(key) is None:
            self._left.pop(key, None)
            return False
        return True

    def sentence(self, key: str, *, required: bool = False) -> str:
        value = self._take(key, required)
        if value is not None and not isinstance(value, str):
            self.problem(key, "un texte est attendu (mettez-le entre guillemets)")
            return ""
        return (value or "").strip()

    def word(
        self, key: str, *, pattern: re.Pattern | None = None, among: Sequence[str] = (), required: bool = False
    ) -> str:
        value = self.sentence(key, required=required)
        if value and pattern and not pattern.fullmatch(value):
            self.problem(key, f"« {value} » : lettres minuscules sans accent, chiffres et séparateurs seulement")
        if value and among and value not in among:
            self.problem(key, f"« {value} » : choisir parmi {', '.join(among)}")
            return ""
        return value

    def words(self, key: str, *, among: Sequence[str] = ()) -> list[str]:
        value = self._take(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self.problem(key, "une liste de mots est attendue")
            return []
        for each in value:
            if among and each not in among:
                self.problem(key, f"« {each} » : choisir parmi {', '.join(among)}")
        return list(value)

    def text(self, key: str, *, required: bool = False) -> Text:
        return self._text(key, self._take(key, required))

    def texts(self, key: str) -> list[Text]:
        value = self._take(key)
        if value is not None and not isinstance(value, list):
            self.problem(key, "une liste de textes est attendue")
            return []
        return [self._text(f"{key}[{index}]", each) for index, each in enumerate(value or [])]

    def _text(self, key: str, value: Any) -> Text:
        try:
            return Text.of(value)
        except TypeError as error:
            self.problem(key, str(error))
            return Text()

    def flag(self, key: str, *, default: bool = False) -> bool:
        value = self._take(key)
        if value is not None and not isinstance(value, bool):
            self.problem(key, "true ou false est attendu")
        return default if value is None else value is True

    def whole(self, key: str, *, minimum: int, maximum: int) -> int | None:
        value = self._take(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not minimum <= value <= maximum:
            self.problem(key, f"un nombre entier est attendu, de {minimum} à {maximum}")
            return None
        return value

    def duration(self, key: str) -> str:
        value = self.sentence(key)
        if value and not DURATION.fullmatch(value):
            self.problem(key, f"« {value} » n'est pas une durée ISO 8601 (exemples : P2M, P1Y, P30D)")
            return ""
        return value

    def tree(self, key: str) -> Mapping[str, Any] | None:
        value = self._take(key)
        if value is not None and not isinstance(value, Mapping):
            self.problem(key, "un ensemble de clés est attendu")
            return None
        return value

    def condition(self, key: str, *, required: bool = False) -> Tree | None:
        value = self._take(key, required)
        if value is not None and not isinstance(value, Mapping):
            self.problem(key, "une condition est attendue : {field: …, op: …, value: …}, ou all, any, not")
            return None
        return None if value is None else Tree(value)

    def inside(self, key: str) -> "Reader":
        return Reader(self._take(key), ".".join(filter(None, (self.place, key))), self.problems)

    def each(self, key: str) -> Iterator["Reader"]:
        value = self._take(key)
        if value is None:
            return
        if not isinstance(value, list):
            self.problem(key, "une liste est attendue")
            return
        for index, each in enumerate(value):
            named = each.get("id", index) if isinstance(each, Mapping) else index
            yield Reader(each, ".".join(filter(None, (self.place, f"{key}[{named}]"))), self.problems)

    def named(self, key: str) -> Iterator[tuple[str, "Reader"]]:
        """What a set of keys holds, each under its name."""
        inner = self.inside(key)
        for name in list(inner._left):
            yield name, inner.inside(name)

    def nothing_else(self) -> None:
        for key in self._left:
            self.problem(key, "clé inconnue")
