"""The directory of an authority: what is asked of it, and what its groups are worth here. Data of the operator."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from etoile.gru.identity.platforms import Platform

LARGEST = 256 * 1024
WHOLE = "*"
KEYS = {"group", "role", "team"}


@dataclass(frozen=True, slots=True)
class Line:
    """Who is in `group`, as the directory writes it, holds `role` in the team of this slug, or in the whole authority
    (`*`)."""

    group: str
    role: str
    team: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """`siret`: of the authority whose directory it is. `email`, `groups`: names of the claims. `lines`: none, it makes
    no account and rules none. `factors`: `amr:mfa` or `acr:gold`, what tells that two factors were asked there.
    `token`: what it shows to tell who is there (SCIM); empty, it cannot."""

    siret: str
    platform: Platform
    email: str = "email"
    groups: str = "groups"
    lines: tuple[Line, ...] = ()
    factors: tuple[str, ...] = ()
    token: str = field(default="", repr=False)

    def proves_both(self, amr: Iterable[str], acr: str) -> bool:
        told = {f"amr:{each}" for each in amr} | {f"acr:{acr}"}
        return not told.isdisjoint(self.factors)

    def roles_of(self, groups: Iterable[str]) -> dict[str, set[str]]:
        """Roles by slug of team, or by `*`."""
        held: dict[str, set[str]] = {}
        for line in self.lines:
            if line.group in groups:
                held.setdefault(line.team, set()).add(line.role)
        return held


def read(path: Path) -> tuple[Line, ...]:
    """The lines of a file; whether their roles exist is told by `ruling.check`, once the models are there. Raises
    `ValueError`, with the first that is wrong."""
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError("the file is too long")
        told: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ValueError(f"it cannot be read ({type(error).__name__})") from error
    if not isinstance(told, list) or not told:
        raise ValueError("a list of lines is expected: group, role, team")
    return tuple(_line(number, each) for number, each in enumerate(told, 1))


def _line(number: int, told: Any) -> Line:
    if not isinstance(told, Mapping) or set(told) != KEYS or not all(isinstance(each, str) for each in told.values()):
        raise ValueError(f"line {number}: give group, role and team, each as text")
    line = Line(**{name: told[name].strip() for name in KEYS})
    if not line.group or not line.team:
        raise ValueError(f"line {number}: a group and a team are expected (team: '*' for the whole authority)")
    return line
