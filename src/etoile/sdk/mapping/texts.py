"""A mapping as it is written: its tree, and what is wrong with it, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

from etoile.contract.problem import Violation
from etoile.sdk.lines import Place, line_of, walk
from etoile.sdk.mapping import Mapping

MAX_LENGTH = 500_000
NOT_YAML = "Ce n'est pas du YAML : vérifier les retraits, les « : » et les guillemets."


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say of a text: `line` from 1, None for the whole; `fault` False for what may only surprise."""

    line: int | None
    pointer: str
    words: str
    fault: bool = True

    def __str__(self) -> str:
        place = f"ligne {self.line}" if self.line else "le fichier"
        path = f", {self.pointer}" if self.pointer else ""
        return f"{place}{path} : {'' if self.fault else 'à savoir : '}{self.words}"


@dataclass(frozen=True, slots=True)
class Text:
    """`tree` is None when it is not YAML. `findings` in the order of the lines."""

    tree: Any
    mapping: Mapping
    findings: tuple[Finding, ...]

    @property
    def faults(self) -> tuple[Finding, ...]:
        return tuple(each for each in self.findings if each.fault)


def read(text: str, type: str | None = None) -> Text:
    """Reads YAML or JSON, and checks it against the contract. Never raises."""
    lines: dict[Place, int] = {}
    try:
        if len(text) > MAX_LENGTH:
            return _unreadable(None, f"Le texte dépasse {MAX_LENGTH} caractères.")
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        repeated = list(walk(root, (), lines)) if root is not None else []
        tree = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError, TypeError) as error:
        mark = getattr(error, "problem_mark", None)
        return _unreadable(mark.line + 1 if mark else None, NOT_YAML)
    mapping = Mapping.check(tree, type)
    findings = [Finding(line, _pointer(place), "Ce nom est écrit deux fois.") for place, line in repeated]
    findings += [_found(each, lines, fault=True) for each in mapping.violations]
    findings += [_found(each, lines, fault=False) for each in mapping.remarks]
    return Text(tree, mapping, tuple(sorted(findings, key=lambda each: each.line or 0)))


def _unreadable(line: int | None, words: str) -> Text:
    return Text(None, Mapping.examine(None), (Finding(line, "", words),))


def _found(violation: Violation, lines: dict[Place, int], *, fault: bool) -> Finding:
    names = [part.replace("~1", "/").replace("~0", "~") for part in violation.pointer.split("/")[1:]]
    return Finding(line_of(lines, _place(names, lines)), violation.pointer, violation.detail, fault)


def _place(names: list[str], lines: dict[Place, int]) -> Place:
    place: Place = ()
    for name in names:
        rank = (*place, int(name)) if name.isdecimal() else None
        place = rank if rank in lines and rank is not None else (*place, name)
    return place


def _pointer(place: Place) -> str:
    return "".join(f"/{part}" for part in place)
