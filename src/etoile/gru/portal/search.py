"""Finding by the words people use: accents, plurals, beginnings of words, synonyms, typing errors. All in memory."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Generic, TypeVar

import yaml

from etoile.gru.forms.texts import distance, plain

LONGEST = 100
_MOST_WORDS = 8
_SHORT = 5
_EMPTY_WORDS = frozenset(
    ("de", "du", "des", "la", "le", "les", "un", "une", "et", "ou", "en", "au", "aux", "je", "me", "pour", "mon", "ma",
     "mes", "sur", "dans", "avec", "par", "comment", "faire", "refaire", "demander", "demande", "veux", "voudrais",
     "dois", "faut", "est", "ce", "que", "il", "the", "of", "for", "my", "to", "an", "how", "do", "want", "need")
)  # fmt: skip

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """The best first. `corrected`: the words read otherwise than typed; `partial`: not every word was found."""

    entries: list[T]
    corrected: tuple[tuple[str, str], ...] = ()
    partial: bool = False


def stem(word: str) -> str:
    """A plural is the same word for those who search."""
    return word[:-1] if len(word) > 4 and word[-1] in "sx" else word


def words_of(text: str) -> list[str]:
    return [stem(word) for word in plain(text).split()]


class Index(Generic[T]):
    """Built once by content: `entries` with their weighed texts, `synonyms` as groups of expressions of one meaning."""

    def __init__(
        self, entries: Sequence[tuple[T, Iterable[tuple[str, int]]]], synonyms: Iterable[Sequence[str]] = ()
    ) -> None:
        self.entries = [entry for entry, _texts in entries]
        groups = [[" ".join(words_of(each)) for each in group] for group in synonyms]
        self._postings: dict[str, dict[int, int]] = {}
        self._spelling: dict[str, str] = {}
        for number, (_entry, texts) in enumerate(entries):
            self._add(number, list(texts), groups)
        self._sorted = sorted(self._postings)
        self._letters = {word: frozenset(word) for word in self._sorted}

    def find(self, asked: str) -> Found[T]:
        """Entries holding every word; where there is none, those holding the most of them. No word: none."""
        tokens = [word for word in plain(asked[:LONGEST]).split() if len(word) > 1]
        tokens = [stem(word) for word in [w for w in tokens if w not in _EMPTY_WORDS] or tokens][:_MOST_WORDS]
        scores: dict[int, list[int]] = {}
        corrected = []
        for token in tokens:
            matches, reading = self._matches(token)
            if reading:
                corrected.append((token, self._spelling.get(reading, reading)))
            for number, score in matches.items():
                scores.setdefault(number, []).append(score)
        whole = {number for number, got in scores.items() if len(got) == len(tokens)}
        kept = whole or set(scores)
        ranked = sorted(kept, key=lambda number: (-len(scores[number]), -sum(scores[number]), number))
        return Found([self.entries[number] for number in ranked], tuple(corrected), bool(kept) and not whole)

    def _add(self, number: int, texts: list[tuple[str, int]], groups: list[list[str]]) -> None:
        strong = []
        for text, weight in texts:
            for word in plain(text).split():
                self._post(stem(word), number, weight)
                self._spelling.setdefault(stem(word), word)
            if weight > 2:
                strong.append(" ".join(words_of(text)))
        said = f" {' | '.join(strong)} "
        for group in groups:
            if any(f" {expression} " in said for expression in group):
                for word in " ".join(group).split():
                    self._post(word, number, 2)

    def _post(self, word: str, number: int, weight: int) -> None:
        known = self._postings.setdefault(word, {})
        known[number] = max(known.get(number, 0), weight)

    def _matches(self, token: str) -> tuple[dict[int, int], str]:
        """Number of an entry -> score; and the word read instead of the token, if it had to be."""
        found: dict[int, int] = {}
        for word in self._beginning_with(token) if len(token) > 2 else [token]:
            _gather(found, self._postings.get(word, {}), 4 if word == token else 3)
        if found or len(token) < 4 or token.isdigit():
            return found, ""
        near = self._near(token)
        for word in near:
            _gather(found, self._postings[word], 2)
        return found, near[0] if near else ""

    def _beginning_with(self, token: str) -> list[str]:
        start = bisect_left(self._sorted, token)
        end = bisect_left(self._sorted, token + "\uffff")
        return self._sorted[start:end]

    def _near(self, token: str) -> list[str]:
        """The words at the smallest distance that begin the same: one slip of the fingers, two in a long word. A first
        letter is seldom wrong, but in a long word: « père » is not « aéré »."""
        reach, letters = (1 if len(token) <= _SHORT else 2), frozenset(token)
        scored: list[tuple[int, str]] = []
        for word in self._sorted:
            # Cheap refusals first: the exact distance is for the few words that could be near.
            if abs(len(word) - len(token)) > reach or len(letters ^ self._letters[word]) > 2 * reach:
                continue
            away = distance(token, word)
            if away <= reach and (word[0] == token[0] or (away < reach and len(token) > _SHORT)):
                scored.append((away, word))
        best = min((away for away, _word in scored), default=0)
        return [word for away, word in scored if away == best]


@cache
def usual_synonyms() -> tuple[tuple[str, ...], ...]:
    """What citizens and the administration call differently, in any town (`synonyms.yaml`)."""
    groups = yaml.safe_load((Path(__file__).parent / "synonyms.yaml").read_text("utf-8"))
    return tuple(tuple(each.strip() for each in group.split(",")) for group in groups)


def _gather(found: dict[int, int], postings: dict[int, int], factor: int) -> None:
    for number, weight in postings.items():
        found[number] = max(found.get(number, 0), factor * weight)
