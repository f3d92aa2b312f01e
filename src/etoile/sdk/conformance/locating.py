"""Where a connector is: an installed one by its name, or a folder anywhere on the disk."""

from __future__ import annotations

import importlib
import sys
import tomllib
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any

from etoile.sdk.connector import GROUP, Connector
from etoile.sdk.words import folder_of

NO_DOUBLE = "pas de double pour essayer"


class NotFound(ValueError):
    """There is no such connector: why, in French."""


@dataclass(frozen=True, slots=True)
class Located:
    """A connector, its folder, the version of the package that brings it, and `rig` of its double; None without, and
    `why` in French."""

    connector: Connector
    folder: Path
    version: str
    rig: Any = None
    why: str = NO_DOUBLE


def locate(target: str) -> Located:
    """An installed connector's name, or the path of a folder: that of the connector, or of its package (the one with
    `pyproject.toml`). NotFound says what is missing.
    """
    path = Path(target)
    if path.is_dir():
        module, version = _from_folder(path.resolve())
    else:
        module, version = _installed(target)
    connector = getattr(module, "CONNECTOR", None)
    if not isinstance(connector, Connector):
        raise NotFound(f"{target} : le module {module.__name__} n’a pas de CONNECTOR, une instance de Connector.")
    rig, why = _rig(module)
    return Located(connector, folder_of(connector), version, rig, why)


def installed() -> list[Located]:
    """All the installed connectors, by name. NotFound at the first that does not load."""
    return [locate(name) for name in sorted({each.name for each in metadata.entry_points(group=GROUP)})]


def _installed(name: str) -> tuple[ModuleType, str]:
    found = [each for each in metadata.entry_points(group=GROUP) if each.name == name]
    if not found:
        known = ", ".join(sorted({each.name for each in metadata.entry_points(group=GROUP)}))
        raise NotFound(f"« {name} » n’est ni un dossier ni un connecteur installé ({known}).")
    return _imported(found[0].value), found[0].dist.version if found[0].dist else ""


def _from_folder(folder: Path) -> tuple[ModuleType, str]:
    project = folder / "pyproject.toml"
    if project.is_file():
        return _of_project(folder, project)
    if not (folder / "__init__.py").is_file():
        raise NotFound(f"{folder} n’est pas un connecteur : il n’a ni pyproject.toml, ni __init__.py.")
    root = folder
    while (root / "__init__.py").is_file():
        root = root.parent
    name = ".".join(folder.relative_to(root).parts)
    return _placed(root, name), _version_above(root)


def _of_project(folder: Path, project: Path) -> tuple[ModuleType, str]:
    content = tomllib.loads(project.read_text(encoding="utf-8")).get("project", {})
    declared = content.get("entry-points", {}).get(GROUP, {})
    if len(declared) != 1:
        raise NotFound(f'{project} doit déclarer un connecteur dans [project.entry-points."{GROUP}"].')
    [module] = declared.values()
    top = module.partition(".")[0]
    root = next((each for each in (folder, folder / "src") if (each / top).is_dir()), None)
    if root is None:
        raise NotFound(f"{project} nomme le module {module}, qui n’est ni dans {folder} ni dans son dossier src.")
    return _placed(root, module), str(content.get("version", ""))


def _version_above(root: Path) -> str:
    for each in (root, *root.parents):
        project = each / "pyproject.toml"
        if project.is_file():
            return str(tomllib.loads(project.read_text(encoding="utf-8")).get("project", {}).get("version", ""))
    return ""


def _placed(root: Path, module: str) -> ModuleType:
    """The module, imported from this root: its own absolute imports must find it too."""
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
        importlib.invalidate_caches()
    imported = _imported(module)
    where = Path(imported.__file__ or "").resolve()
    if not where.is_relative_to(root):
        raise NotFound(f"le module {module} est déjà pris par {where.parent} : essayer ce dossier à part.")
    return imported


def _imported(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except Exception as error:
        raise NotFound(f"le module {name} ne se charge pas ({type(error).__name__} : {error}).") from error


def _rig(module: ModuleType) -> tuple[Any, str]:
    """`rig` of the double beside the module, or None and why."""
    name = f"{module.__name__}.double"
    try:
        rig = getattr(importlib.import_module(name), "rig", None)
    except ModuleNotFoundError as missing:
        if missing.name == name:
            return None, NO_DOUBLE
        return None, f"le double demande « {missing.name} », qui n’est pas installé"
    return rig, "le double n’a pas de fonction rig()" if rig is None else ""
