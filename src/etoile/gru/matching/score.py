"""How much two persons look like the same one, and why: points, with the outcome of each attribute."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from etoile.gru.forms.texts import distance
from etoile.gru.matching.normal import searched
from etoile.gru.matching.rules import Compared, Rules

MOST = 100
# A word shorter than this with a letter changed is another word.
_SHORT, _LONG = 4, 8


@dataclass(frozen=True, slots=True)
class Value:
    """What is known of an attribute of one person."""

    value: Any
    level: int


Known = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One attribute that both persons have. `manner`: one of `rules.MANNERS`; `first` and `second` as they are kept."""

    key: str
    manner: str
    points: int
    first: Any
    second: Any
    decisive: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """`points` from 0 to 100. `apart`: surely two persons, whatever the rest."""

    points: int
    evidence: tuple[Evidence, ...]
    apart: bool
    identified: bool

    def suspects(self, rules: Rules) -> bool:
        return self.identified and not self.apart and self.points >= rules.suspect


def score(rules: Rules, first: Known, second: Known) -> Score:
    """Attributes that one of them lacks say nothing. Never suspects without an agreement on who they are."""
    found = [
        _compared(each, first[key], second[key], rules.decisive)
        for key, each in rules.attributes.items()
        if key in first and key in second
    ]
    evidence = tuple(each for each in found if each is not None)
    return Score(
        points=max(0, min(MOST, sum(each.points for each in evidence))),
        evidence=evidence,
        apart=any(each.decisive for each in evidence),
        identified=any(each.key in rules.identity and each.manner != "different" for each in evidence),
    )


def blocks(rules: Rules, known: Known) -> list[tuple[int, str]]:
    """The lines of `candidates` that a person answers: the number of the line, and the values as compared."""
    lines = []
    for number, keys in enumerate(rules.candidates):
        values = [_searched(rules.attributes[key], known) for key in keys]
        if all(values):
            lines.append((number, "\x1f".join((*keys, *values))))
    return lines


def _searched(how: Compared, known: Known) -> str:
    return searched(how.way, how.plain(known[how.key].value)) if how.key in known else ""


def _compared(how: Compared, first: Value, second: Value, decisive: int) -> Evidence | None:
    one, other = how.plain(first.value), how.plain(second.value)
    if not one or not other:
        return None
    manner = _manner(how.way, one, other, same=first.value == second.value)
    sure = manner == "different" and min(first.level, second.level) >= decisive and how.points[manner] < 0
    return Evidence(how.key, manner, how.points[manner], first.value, second.value, decisive=sure)


def _manner(way: str, one: str, other: str, *, same: bool) -> str:
    if same:
        return "exact"
    if one == other:
        return "normalised"
    return "near" if _near(way, one, other) else "different"


def _near(way: str, one: str, other: str) -> bool:
    if way == "date":
        swapped = one[:4] + one[6:] + one[4:6]
        return swapped == other or sum(a != b for a, b in zip(one, other, strict=True)) == 1
    if way in ("digits", "phone"):
        return distance(one, other) == 1
    if way == "given_names" and f"{max(one, other, key=len)} ".startswith(f"{min(one, other, key=len)} "):
        return True
    shorter = min(len(one), len(other))
    if shorter < _SHORT or abs(len(one) - len(other)) > 2:
        return False
    return distance(one, other) <= (1 if shorter < _LONG else 2)
