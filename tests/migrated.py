"""The migrations are run once a day for each state of them: other workers, and later runs, copy what was made."""

import fcntl
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.apps import apps
from django.db import connections
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation
from pytest_django import DjangoDbBlocker

from etoile.runtime.postgres.binaries import Binaries, choose
from etoile.runtime.postgres.provision import DATABASES

LOCK = Path(__file__).parents[1] / "requirements.lock"
IMPORTED = re.compile(r"\betoile(?:\.\w+)+")


@contextmanager
def migrated_once(blocker: DjangoDbBlocker, folder: Path) -> Iterator[None]:
    """Around the making of a worker's database. Django still looks for migrations to run in a copy, and finds none.

    What was made is kept in `folder` (the GRU's). Nothing is copied on a server that outlives the run: a
    stale copy could stay on it.
    """
    data, name = Path(os.environ["ETOILE_DATA"]), connections["default"].settings_dict["NAME"]
    if not (data.parent / "database").is_dir():
        yield
        return
    model, made, programs = f"{name}_migrated", data / "migrated", choose()
    kept = folder / f"{name}-{_digest(programs)}.dump"
    with (data / "migrated.lock").open("a") as lock:
        # A worker that dies or fails gives the lock back, and the next makes the model.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists() and not _restored(blocker, programs, kept, model):
            yield
            # What the hub's migrations write is sealed with the key of the run.
            if name == DATABASES["gru"].name:
                _keep(programs, kept)
            if "PYTEST_XDIST_WORKER" in os.environ:
                _create(blocker, model, template=connections["default"].settings_dict["NAME"])
                made.touch()
            return
        made.touch()
    connections["default"].settings_dict["TEST"]["TEMPLATE"] = model
    yield


def _digest(programs: Binaries) -> str:
    """Of what says how a migrated database is: migrations, what they import, packages, server; and the day, since a
    migration makes the partitions of the months to come."""
    files = {Path(sys.modules[each.__module__].__file__) for each in MigrationLoader(None).disk_migrations.values()}
    names = {name for each in files for name in IMPORTED.findall(each.read_text(encoding="utf-8"))}
    files |= {Path(sys.modules[name].__file__) for name in names & sys.modules.keys()}
    digest = hashlib.sha256(f"{programs.origin} {programs.version} {datetime.now(tz=UTC).date()}".encode())
    for each in (LOCK, *sorted(files)):
        digest.update(each.read_bytes())
    return digest.hexdigest()[:16]


def _create(blocker: DjangoDbBlocker, name: str, *, template: str) -> None:
    connection = connections["default"]
    with blocker.unblock():
        connection.close()
        with connection._nodb_cursor() as cursor:
            made, source = (connection.ops.quote_name(each) for each in (name, template))
            # Of a worker that died between the copy and its mark.
            cursor.execute(f"DROP DATABASE IF EXISTS {made}")
            cursor.execute(f"CREATE DATABASE {made} TEMPLATE {source}")


def _restored(blocker: DjangoDbBlocker, programs: Binaries, kept: Path, model: str) -> bool:
    if not kept.exists():
        return False
    _create(blocker, model, template="template0")
    return _run(programs, "pg_restore", "--exit-on-error", "--single-transaction", "--dbname", model, str(kept))


def _keep(programs: Binaries, kept: Path) -> None:
    """Whole or not at all: another run may be looking for it."""
    name, draft = connections["default"].settings_dict["NAME"], kept.with_suffix(f".{os.getpid()}")
    if _run(programs, "pg_dump", "--format=custom", "--compress=0", "--file", str(draft), name):
        for stale in kept.parent.glob(f"{kept.name.partition('-')[0]}-*.dump"):
            stale.unlink(missing_ok=True)
        draft.replace(kept)


def _run(programs: Binaries, program: str, *arguments: str) -> bool:
    """False if it fails, or is not there: the migrations are run."""
    where = connections["default"].settings_dict
    reached = ("--host", where["HOST"], "--port", str(where["PORT"] or 5432), "--username", where["USER"])
    command = [programs.program(program), *reached, *arguments]
    return (programs.folder / program).exists() and subprocess.run(command, check=False).returncode == 0


def unwritten() -> dict[str, list[str]]:
    """What the models of the product say and its migrations do not, by application. Asks nothing of a database."""
    known = MigrationLoader(None)
    with translation.override(None):
        told = MigrationAutodetector(known.project_state(), ProjectState.from_apps(apps)).changes(graph=known.graph)
    return {label: [each.describe() for one in found for each in one.operations] for label, found in told.items()}
