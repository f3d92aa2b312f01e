"""The tables in memory: read when they are first asked for and when their file changes; one that cannot be read does
not replace the one that could."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path

from etoile.connectors.lookup_csv.configuration import Configuration
from etoile.connectors.lookup_csv.table import BeingWrittenError, BrokenTableError, Stamp, Table, read, stamp

MOST_TABLES = 32


@dataclass(slots=True)
class Kept:
    """`refused`: the stamp of the file that could not be read, so that it is not read at every question."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    table: Table | None = None
    problem: str = ""
    refused: Stamp | None = None


class Tables:
    """Shared by the threads of the process. Everything here may wait for a disk: never called on an event loop."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], Kept] = OrderedDict()
        self._lock = threading.Lock()

    def current(self, path: Path, settings: Configuration) -> tuple[Table | None, str]:
        """The table, and what is wrong with its file as it is now (then the table is the one before, or none)."""
        key = (str(path), settings.model_dump_json())
        with self._lock:
            kept = self._kept.setdefault(key, Kept())
            self._kept.move_to_end(key)
            if len(self._kept) > MOST_TABLES:
                self._kept.popitem(last=False)
        with kept.lock:
            self._follow(kept, path, settings)
            return kept.table, kept.problem

    def _follow(self, kept: Kept, path: Path, settings: Configuration) -> None:
        try:
            now = stamp(path.stat())
            if kept.table is not None and kept.table.stamp == now:
                kept.problem, kept.refused = "", None
            elif kept.refused != now:
                kept.refused = now
                kept.table, kept.problem, kept.refused = read(path, settings), "", None
        except BeingWrittenError as error:
            kept.problem, kept.refused = str(error), None
        except BrokenTableError as error:
            kept.problem = str(error)
        except OSError as error:
            kept.problem, kept.refused = _said(error), None


def _said(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "il n’est pas dans le dossier"
    return "le hub n’a pas le droit de le lire" if isinstance(error, PermissionError) else "il ne peut pas être lu"
