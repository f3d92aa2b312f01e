"""The ready-made procedures that come with Étoile: a place to start from, complete with their legal sheets."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from etoile.gru.forms.texts import Text

_PACKAGE = Path(__file__).parents[2]
# Beside the package in a wheel; at the top of a source tree.
_FOLDERS = (_PACKAGE / "procedures", _PACKAGE.parents[1] / "procedures")
# Reading all of them to show their titles must not keep anyone waiting.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Ready:
    """A procedure of the library, with what a list of them shows."""

    slug: str
    title: Text
    summary: Text
    category: str
    pages: int
    path: Path


def folder() -> Path | None:
    """Where they are; None in an installation that does not carry them."""
    return next((each for each in _FOLDERS if each.is_dir()), None)


@cache
def ready_made() -> tuple[Ready, ...]:
    """Those of the library, by category then title. Read once per process."""
    where = folder()
    found = [_read(path) for path in sorted(where.glob("*.yaml"))] if where else []
    return tuple(sorted((each for each in found if each), key=lambda each: (each.category, each.title.fr.casefold())))


def named(slug: str) -> Path | None:
    return next((each.path for each in ready_made() if each.slug == slug), None)


def nearest(slug: str) -> list[str]:
    """Names of the library that somebody may have meant."""
    return get_close_matches(slug, [each.slug for each in ready_made()])


def text_of(ready: Ready) -> str:
    return ready.path.read_text(encoding="utf-8")


def _read(path: Path) -> Ready | None:
    raw: Any = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe loader, both of them
    if not isinstance(raw, Mapping) or "slug" not in raw:
        return None
    title, summary = Text.of(raw.get("title")), Text.of(raw.get("summary"))
    return Ready(str(raw["slug"]), title, summary, str(raw.get("category", "")), len(raw.get("pages") or []), path)
