"""Where the embedded database lives, which account runs it, and what is remembered beside it.

Started by an ordinary user: everything is under `<data>/postgres`. Started by root: PostgreSQL refuses to run as root,
and another account cannot cross a private data folder, so the files live in `/var/lib/etoile/<hash of the data path>`.
`<data>/postgres/record.json` says which, in both cases: processes that only connect read it.
"""

import hashlib
import json
import os
import pwd
import stat
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from etoile.runtime.folders import private_folder
from etoile.runtime.postgres.problems import EmbeddedDatabaseError
from etoile.runtime.processes import Account

ROOT_HOME: Final = Path("/var/lib/etoile")
ACCOUNTS: Final = ("etoile", "postgres", "nobody")
PORT: Final = 5432
LONGEST_SOCKET: Final = 100
SHORT: Final = Path("/tmp")  # noqa: S108 - what is made there is private, and checked


@dataclass(frozen=True, slots=True)
class Place:
    """The folders of one database server."""

    home: Path
    sockets: Path
    account: Account

    @property
    def cluster(self) -> Path:
        return self.home / "cluster"

    @property
    def log(self) -> Path:
        return self.home / "log"

    @property
    def copies(self) -> Path:
        return self.home / "server"


@dataclass(frozen=True, slots=True)
class Record:
    """What is remembered beside the data: `home` (empty: beside the record), and the server that last wrote it."""

    home: str
    sockets: str
    origin: str
    version: str

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])


def record_file(data: Path) -> Path:
    return data / "postgres" / "record.json"


def read_record(data: Path) -> Record | None:
    """The record of this data folder, None if no embedded database was ever made here."""
    try:
        raw: dict[str, Any] = json.loads(record_file(data).read_text(encoding="utf-8"))
        return Record(**raw)
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as damage:
        raise EmbeddedDatabaseError(f"{record_file(data)} is damaged ({damage}). Restore it from a backup.") from damage


def write_record(data: Path, record: Record) -> None:
    file = record_file(data)
    draft = file.with_suffix(".draft")
    draft.write_text(json.dumps(asdict(record), indent=2) + "\n", encoding="utf-8")
    draft.replace(file)


def inspect(data: Path, *, home: Path | None = None) -> Place:
    """The place this data folder's database has, or would have. Nothing is made.

    `home` is for throw-away servers; a record, once written, decides.
    """
    own = data / "postgres"
    try:
        record = read_record(data)
        if record is not None:
            home = Path(record.home) if record.home else own
        elif home is None:
            home = ROOT_HOME / hashlib.sha256(str(data).encode()).hexdigest()[:12] if os.geteuid() == 0 else own
        account = _account_of(home / "cluster")
    except PermissionError as refusal:
        raise EmbeddedDatabaseError(
            f"{refusal.filename} is closed to us: start as the account that owns it, or as root."
        ) from refusal
    return Place(home, _sockets(home, account), account)


def prepare(data: Path, place: Place) -> None:
    """Make the folders of the place, owned by its account, closed to others."""
    private_folder(data / "postgres")
    _make_home(place.home, place.account)
    _make_sockets(place.sockets, place.account)


def set_aside(data: Path, place: Place) -> Path | None:
    """Put away the database of a data folder that was removed with its secrets; returns where it is kept.

    As root the database lives outside the data folder: emptied, the folder gets a new one, and nothing is deleted.
    """
    if place.home.parent != ROOT_HOME or read_record(data) is not None or not place.cluster.exists():
        return None
    kept = place.home / f"cluster.{datetime.now(tz=UTC):%Y%m%dT%H%M%S}"
    place.cluster.rename(kept)
    return kept


def remembered(data: Path, place: Place, origin: str, version: str) -> Record:
    """The record of a place; a home inside the data folder is left out, so that the folder can be moved."""
    home = "" if place.home == data / "postgres" else str(place.home)
    return Record(home, str(place.sockets), origin, version)


def _account_of(cluster: Path) -> Account:
    """Existing data keeps its owner; otherwise ourselves, or for root the first unprivileged account there is."""
    uid = cluster.stat().st_uid if cluster.exists() else os.geteuid()
    if uid == 0:
        return _unprivileged()
    if os.geteuid() not in (0, uid):
        raise EmbeddedDatabaseError(
            f"The database in {cluster} belongs to another account (uid {uid}): start as that account."
        )
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise EmbeddedDatabaseError(
            f"The account of uid {uid} has no name in /etc/passwd; PostgreSQL needs one."
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _unprivileged() -> Account:
    for name in ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise EmbeddedDatabaseError(
        "PostgreSQL cannot run as root, and none of the accounts etoile, postgres, nobody exists. "
        "Make one: useradd --system etoile"
    )


def _make_home(home: Path, account: Account) -> None:
    try:
        if home.parent == ROOT_HOME:
            ROOT_HOME.mkdir(exist_ok=True)
            ROOT_HOME.chmod(0o755)
        home.mkdir(mode=0o700, exist_ok=True)
    except OSError as refusal:
        raise EmbeddedDatabaseError(
            f"The folder {home} of the database cannot be made: {refusal.strerror}."
        ) from refusal
    for folder in (home, home / "log"):
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.stat().st_uid != account.uid:
            os.chown(folder, account.uid, account.gid)


def _sockets(home: Path, account: Account) -> Path:
    folder = home / "socket"
    if len(f"{folder}/.s.PGSQL.{PORT}".encode()) > LONGEST_SOCKET:
        folder = SHORT / f"etoile-{account.uid}-{hashlib.sha256(str(home).encode()).hexdigest()[:12]}"
    return folder


def _make_sockets(folder: Path, account: Account) -> None:
    """A folder of that name made by someone else is refused, not adopted."""
    try:
        folder.mkdir(mode=0o700)
        os.chown(folder, account.uid, account.gid)
    except FileExistsError:
        pass
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or stat.S_IMODE(found.st_mode) & 0o077:
        raise EmbeddedDatabaseError(f"{folder} is not a private folder of {account.name}: remove it and start again.")
