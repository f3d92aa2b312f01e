"""The data folder: everything the program keeps (secrets, documents, embedded database, static files) lives there."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

DATA_DEFAULT: Final = "data"


def data_folder(source: Mapping[str, str] | None = None) -> Path:
    """The absolute path named by ETOILE_DATA, else `data` in the current folder. It may not exist yet."""
    environment = os.environ if source is None else source
    return Path(environment.get("ETOILE_DATA", "").strip() or DATA_DEFAULT).expanduser().absolute()


def private_folder(path: Path) -> Path:
    """Make `path`, and the parents it lacks, readable by their owner alone from the start."""
    for folder in reversed([folder for folder in (path, *path.parents) if not folder.exists()]):
        folder.mkdir(mode=0o700, exist_ok=True)
    return path
