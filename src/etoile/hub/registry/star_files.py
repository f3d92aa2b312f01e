"""Files beside a star file: `{$file: mappings/voirie.yaml}` stands for the content of that one.

A mapping, or the contract that a vendor gave, is then a file of its own, checked and compared alone.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from etoile.sdk.lines import Place, walk

NAMED = "$file"
TREES = (".yaml", ".yml")
MOST_BYTES = 4 * 2**20
Fault = tuple[Place, str]


def included(tree: Any, folder: Path | None, faults: list[Fault], place: Place = ()) -> Any:
    """The tree with each named file in its place: a tree for YAML, its text otherwise. `faults` gets what is wrong.

    Only files below `folder` (that of the star file) are read; None when the star came without one.
    """
    if isinstance(tree, dict):
        if NAMED in tree:
            return _content(tree, folder, faults, place)
        return {name: included(each, folder, faults, (*place, str(name))) for name, each in tree.items()}
    if isinstance(tree, list):
        return [included(each, folder, faults, (*place, rank)) for rank, each in enumerate(tree)]
    return tree


def _content(tree: dict[str, Any], folder: Path | None, faults: list[Fault], place: Place) -> Any:
    name = tree[NAMED]
    if len(tree) > 1 or not isinstance(name, str) or not name:
        faults.append((place, f"{NAMED} stands alone, with the name of one file"))
    elif folder is None:
        faults.append((place, f"{NAMED} cannot be read here: this star is not in a folder"))
    else:
        try:
            return _read(folder.resolve(), name, faults, place)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "it is not text in UTF-8"
            faults.append((place, f"{name} cannot be read: {reason}"))
    return None


def _read(folder: Path, name: str, faults: list[Fault], place: Place) -> Any:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder):
        faults.append((place, f"{name} is not below the folder of the star file"))
        return None
    if path.stat().st_size > MOST_BYTES:
        faults.append((place, f"{name} is longer than {MOST_BYTES // 2**20} MiB"))
        return None
    text = path.read_text(encoding="utf-8")
    if path.suffix not in TREES:
        return text
    faults.extend((place, f"{name}, {fault}") for fault in _faults(text))
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError):
        return None


def _faults(text: str) -> Iterator[str]:
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        for inner, line in walk(root, (), {}) if root is not None else ():
            yield f"line {line}: {inner[-1]} is written twice"
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        yield f"line {mark.line + 1 if mark else 1}: not YAML: {getattr(error, 'problem', None) or error}"
