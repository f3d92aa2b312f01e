"""Start, find and stop the embedded PostgreSQL server of a data folder."""

import fcntl
import getpass
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self
from urllib.parse import quote

import psycopg

from etoile.runtime.postgres import binaries, configuration, place, provision
from etoile.runtime.postgres.place import PORT, Place
from etoile.runtime.postgres.problems import AlreadyRunningError, EmbeddedDatabaseError
from etoile.runtime.processes import alive, spawn

TRY_AGAIN_FOR: Final = 30.0
STOP_WITHIN: Final = 60.0
READY_LINE: Final = 7

Tell = Callable[[str], None]


def socket_address(folder: Path, role: str, database: str) -> str:
    """PostgreSQL URL of a database served on a Unix socket in `folder`."""
    return f"postgresql://{role}@/{database}?host={quote(str(folder), safe='')}&port={PORT}"


def address(data: Path, role: str, database: str) -> str | None:
    """Connection string of the embedded database, None if this data folder has none. Says nothing of it being up."""
    record = place.read_record(data)
    return None if record is None else socket_address(Path(record.sockets), role, database)


def running(data: Path) -> int | None:
    """Process number of the server that serves this data folder now, None if there is none."""
    record = place.read_record(data)
    if record is None:
        return None
    home = Path(record.home) if record.home else data / "postgres"
    pid, ready = _state(home / "cluster")
    return pid if pid is not None and ready and alive(pid) else None


class Server:
    """The server of one data folder. `start` makes it ours: it ends when this process does, however it ends."""

    def __init__(self, data: Path, *, home: Path | None = None, throw_away: bool = False, tell: Tell | None = None):
        self.data = data
        self.throw_away = throw_away
        self._home = home
        self._tell: Tell = tell or (lambda message: None)
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None
        self._place: Place | None = None
        self._programs: binaries.Binaries | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self) -> None:
        """Make the data if there is none, start the server, wait for the end of a recovery, make roles and databases.

        Raises AlreadyRunningError if another process looks after it, EmbeddedDatabaseError if it cannot be started.
        """
        found = place.inspect(self.data, home=self._home)
        place.prepare(self.data, found)
        self._place = found
        self._lock = _take_lock(found)
        try:
            kept = place.set_aside(self.data, found)
            if kept is not None:
                self._tell(f"the data folder is new, but an older one here had a database: it is kept in {kept}")
            server = self._programs = self._binaries(found)
            self._initialise(found, server)
            users = {found.account.name, _user()}
            configuration.write(
                found, major=server.major, throw_away=self.throw_away, users=users, roles=provision.ROLES
            )
            self._start_patiently(found, server)
            place.write_record(self.data, place.remembered(self.data, found, server.origin, server.version))
            self._provision(found)
        except BaseException:
            self.stop()
            raise

    def revive(self) -> None:
        """Start again a server of ours that died by itself. Raises EmbeddedDatabaseError if it does not come back."""
        if self._place is None or self._programs is None or self.pid is not None:
            return
        if not (self._place.cluster / "PG_VERSION").exists():
            raise EmbeddedDatabaseError(f"The data in {self._place.cluster} have been removed while they were in use.")
        self._start_patiently(self._place, self._programs)

    def stop(self) -> None:
        """Fast shutdown: transactions in progress are rolled back, everything committed is on disk."""
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(STOP_WITHIN)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGQUIT)
                process.wait()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def address(self, role: str, database: str) -> str:
        """Connection string for a role of this server."""
        if self._place is None:
            raise EmbeddedDatabaseError("The embedded database is not started.")
        return socket_address(self._place.sockets, role, database)

    def _binaries(self, found: Place) -> binaries.Binaries:
        record = place.read_record(self.data)
        written = found.cluster / "PG_VERSION"
        if record is not None and not written.exists():
            raise EmbeddedDatabaseError(
                f"The database recorded in {place.record_file(self.data)} is not in {found.cluster} any more. "
                "Restore it from a backup; to begin again with an empty one, remove that record."
            )
        major = int(written.read_text().strip()) if written.exists() else None
        server = binaries.choose(record.origin if record else None, major)
        if not binaries.reachable(server, found.account):
            server = binaries.copy(server, found.copies)
        return server

    def _initialise(self, found: Place, server: binaries.Binaries) -> None:
        if found.cluster.exists():
            return
        self._tell(f"making a database with PostgreSQL {server.version} ({server.origin})")
        draft = found.home / "cluster.draft"
        shutil.rmtree(draft, ignore_errors=True)
        argv = [server.program("initdb"), "-D", str(draft), "-U", configuration.ADMINISTRATOR]
        argv += ["--auth-local=peer", "--auth-host=reject", "--data-checksums", "--encoding=UTF8", "--no-instructions"]
        argv += ["--locale=C"] if server.major < 17 else ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        argv += ["--locale=C", "--no-sync"] if self.throw_away else ["--locale=C"]
        with _fresh_log(found) as log:
            process = spawn(argv, account=found.account, environment=_environment(), output=log, folder=found.home)
            if process.wait() != 0:
                raise EmbeddedDatabaseError(f"The database could not be made. {_last_lines(found)}")
        draft.rename(found.cluster)

    def _start_patiently(self, found: Place, server: binaries.Binaries) -> None:
        """After a kill -9 the previous server or its children hold the data a moment: try again for some seconds."""
        give_up = time.monotonic() + TRY_AGAIN_FOR
        while not self._start_once(found, server):
            if time.monotonic() > give_up:
                raise EmbeddedDatabaseError(f"PostgreSQL does not start. {_last_lines(found)}")
            time.sleep(0.2)

    def _start_once(self, found: Place, server: binaries.Binaries) -> bool:
        """False if it ended by itself. However long a recovery lasts, a server that is alive is waited for."""
        with _fresh_log(found) as log:
            process = spawn(
                [server.program("postgres"), "-D", str(found.cluster)],
                account=found.account,
                environment=_environment(),
                when_parent_dies=signal.SIGINT,
                output=log,
                folder=found.home,
            )
        self._process = process
        said = time.monotonic()
        while process.poll() is None:
            if _state(found.cluster) == (process.pid, True):
                return True
            if time.monotonic() - said > 10:
                said = time.monotonic()
                self._tell("PostgreSQL is still recovering what was being written when it was killed; this can be long")
            time.sleep(0.005)
        return False

    def _provision(self, found: Place) -> None:
        conninfo = self.address(configuration.ADMINISTRATOR, "postgres")
        try:
            provision.provision(conninfo, may_create_databases=self.throw_away)
        except psycopg.OperationalError as refusal:
            raise EmbeddedDatabaseError(f"PostgreSQL runs but refuses us: {refusal}") from refusal


def _take_lock(found: Place) -> IO[str]:
    """Held as long as the server is ours; the kernel gives it back whatever becomes of us."""
    lock = (found.home / "lock").open("a+", encoding="utf-8")
    if os.geteuid() == 0:
        os.chown(lock.fileno(), found.account.uid, found.account.gid)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        holder = lock.read().strip()
        lock.close()
        raise AlreadyRunningError(int(holder) if holder.isdigit() else None) from None
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock


def _fresh_log(found: Place) -> IO[bytes]:
    """A new file each time: the one of a start by root would be closed to an ordinary account."""
    file = found.log / "start.log"
    file.unlink(missing_ok=True)
    return file.open("wb")


def _state(cluster: Path) -> tuple[int | None, bool]:
    """(process number, accepts connections) as the server itself writes it in postmaster.pid."""
    try:
        lines = (cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        return int(lines[0]), len(lines) > READY_LINE and lines[READY_LINE].strip() == "ready"
    except (FileNotFoundError, ValueError, IndexError):
        return None, False


def _environment() -> dict[str, str]:
    """Nothing of ours but the path: libpq's variables and locales would change what the server does."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _user() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return getpass.getuser()


def _last_lines(found: Place) -> str:
    log = found.log / "start.log"
    said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-5:] if log.exists() else []
    return "It said: " + " / ".join(said) if said else f"See the logs in {found.log}."
