"""A connector to start from: a package of its own that passes its tests and the conformance suite at once."""

from __future__ import annotations

import keyword
import re
import sys
from importlib.util import find_spec
from pathlib import Path

SKELETON = Path(__file__).with_name("skeleton")
ENDING = ".txt"
NAME = re.compile(r"[a-z][a-z0-9_]{1,40}")


class ScaffoldError(ValueError):
    """The folder cannot be made: why, in French."""


def create(name: str, parent: Path, *, title: str | None = None) -> Path:
    """Makes the folder `name` in `parent`, and gives it. `title`: the French one, of the name by default.

    ScaffoldError when the name does not suit, or the folder is already there; nothing is then written.
    """
    _suits(name)
    folder = parent / name
    if folder.exists():
        raise ScaffoldError(f"{folder} existe déjà.")
    words = _values(name, title)
    for source in sorted(SKELETON.rglob(f"*{ENDING}")):
        place = _filled(source.relative_to(SKELETON).as_posix().removesuffix(ENDING), words)
        made = folder / place
        made.parent.mkdir(parents=True, exist_ok=True)
        made.write_text(_filled(source.read_text(encoding="utf-8"), words), encoding="utf-8")
    return folder


def _suits(name: str) -> None:
    if not NAME.fullmatch(name):
        raise ScaffoldError(f"« {name} » ne convient pas : minuscules, chiffres et _, par exemple street_works.")
    taken = keyword.iskeyword(name) or keyword.issoftkeyword(name) or name in sys.stdlib_module_names
    if taken or find_spec(name) is not None:
        raise ScaffoldError(f"« {name} » est déjà le nom d’un module de Python : en choisir un autre.")


def _values(name: str, title: str | None) -> dict[str, str]:
    words = name.strip("_").split("_")
    english = " ".join(words).capitalize()
    return {
        "@name@": name,
        "@dashed@": "-".join(words),
        "@class@": "".join(word.capitalize() for word in words),
        "@title@": title or english,
        "@english@": english,
    }


def _filled(text: str, values: dict[str, str]) -> str:
    for mark, value in values.items():
        text = text.replace(mark, value)
    return text
