"""The rules that say when two persons look like the same one: data, read and checked here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from etoile.gru.matching.normal import WAYS

MANNERS = ("exact", "normalised", "near", "different")
# How to reach somebody says nothing of who they are: a household, an association share it.
CONTACTS = frozenset({"email", "phone"})
_KEYS = frozenset({"suspect", "likely", "decisive", "attributes", "identity", "candidates"})


class RulesError(ValueError):
    """The data are no rules. `problems` lists every one, with the place it was found at."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Compared:
    """How an attribute is compared, and the points of each outcome."""

    key: str
    way: str
    points: Mapping[str, int] = field(hash=False)

    def plain(self, value: Any) -> str:
        """Empty: nothing to compare."""
        return WAYS[self.way](value)


@dataclass(frozen=True, slots=True)
class Rules:
    """`candidates`: the attributes that must all be the same for two persons to be compared at all."""

    suspect: int
    likely: int
    decisive: int
    attributes: Mapping[str, Compared] = field(hash=False)
    identity: frozenset[str]
    candidates: tuple[tuple[str, ...], ...]


@cache
def usual() -> Rules:
    """What we give (`rules.yaml`)."""
    return parse(yaml.safe_load((Path(__file__).parent / "rules.yaml").read_text("utf-8")))


def parse(raw: Any) -> Rules:
    """Raises `RulesError`, all the problems at once."""
    problems: list[str] = []
    if not isinstance(raw, Mapping):
        raise RulesError([_("les règles s’écrivent comme un ensemble de clés : suspect, likely, attributes…")])
    problems += [_unknown(str(key)) for key in raw if key not in _KEYS]
    numbers = {key: _number(raw.get(key), key, problems) for key in ("suspect", "likely", "decisive")}
    attributes = _attributes(raw.get("attributes"), problems)
    identity = frozenset(_names(raw.get("identity"), "identity", attributes, problems))
    problems += [
        _("identity : %(key)s ne dit pas qui est une personne") % {"key": key} for key in sorted(identity & CONTACTS)
    ]
    lines = raw.get("candidates")
    candidates = tuple(
        _names(line, f"candidates.{number}", attributes, problems)
        for number, line in enumerate(lines if isinstance(lines, list) else [], 1)
    )
    if not candidates:
        problems.append(_("candidates : il faut au moins une ligne, par exemple [family_name, birth_date]"))
    problems += [
        _("candidates.%(number)s : jamais sur %(keys)s seulement") % {"number": number, "keys": ", ".join(line)}
        for number, line in enumerate(candidates, 1)
        if line and set(line) <= CONTACTS
    ]
    if not problems and numbers["likely"] < numbers["suspect"]:
        problems.append(_("likely : ne peut être plus bas que suspect"))
    if problems:
        raise RulesError(problems)
    return Rules(**numbers, attributes=attributes, identity=identity, candidates=candidates)


def _attributes(raw: Any, problems: list[str]) -> dict[str, Compared]:
    if not isinstance(raw, Mapping) or not raw:
        problems.append(_("attributes : il faut au moins un attribut"))
        return {}
    found = {}
    for key, line in raw.items():
        if not isinstance(line, Mapping) or line.get("as") not in WAYS:
            problems.append(
                _("attributes.%(key)s : « as » est l’un de %(ways)s") % {"key": key, "ways": ", ".join(WAYS)}
            )
            continue
        problems += [_unknown(f"attributes.{key}.{name}") for name in line if name not in (*MANNERS, "as")]
        points = {name: _number(line.get(name, 0), f"attributes.{key}.{name}", problems) for name in MANNERS}
        found[str(key)] = Compared(str(key), line["as"], points)
    return found


def _names(raw: Any, where: str, known: Mapping[str, Any], problems: list[str]) -> tuple[str, ...]:
    if not isinstance(raw, list) or not raw:
        problems.append(_("%(where)s : une liste d’attributs") % {"where": where})
        return ()
    problems += [
        _("%(where)s : %(key)s n’est pas parmi les attributs") % {"where": where, "key": each}
        for each in raw
        if each not in known
    ]
    return tuple(str(each) for each in raw)


def _unknown(where: str) -> str:
    return _("%(where)s : cette clé n’existe pas") % {"where": where}


def _number(raw: Any, where: str, problems: list[str]) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        problems.append(_("%(where)s : un nombre entier") % {"where": where})
        return 0
    return raw
