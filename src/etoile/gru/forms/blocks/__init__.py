"""Shared pieces of procedures, included by name (`use: applicant`): the same question has the same words everywhere
(RGAA 11.3)."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent


@cache
def _all() -> dict[str, Any]:
    return {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.yaml"))}


def block(name: str) -> Any:
    """The data of a block. KeyError when there is none of this name."""
    return _all()[name]


def names() -> list[str]:
    return sorted(_all())
