"""The migrations are run once for all the workers of pytest-xdist: the others copy what the first has made."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.db import connections
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation
from pytest_django import DjangoDbBlocker


@contextmanager
def migrated_once(blocker: DjangoDbBlocker) -> Iterator[None]:
    """Around the making of a worker's database. Django still looks for migrations to run in a copy, and finds none.

    Nothing is shared by a single process, nor on a server that outlives the run: a stale copy could stay on it.
    """
    data = Path(os.environ["ETOILE_DATA"])
    if "PYTEST_XDIST_WORKER" not in os.environ or not (data.parent / "database").is_dir():
        yield
        return
    connection = connections["default"]
    model, made = f"{connection.settings_dict['NAME']}_migrated", data / "migrated"
    with (data / "migrated.lock").open("a") as lock:
        # A worker that dies or fails gives the lock back, and the next makes the model.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            yield
            with blocker.unblock():
                connection.close()
                with connection._nodb_cursor() as cursor:
                    source, copy = (connection.ops.quote_name(n) for n in (connection.settings_dict["NAME"], model))
                    # Of a worker that died between the copy and its mark.
                    cursor.execute(f"DROP DATABASE IF EXISTS {copy}")
                    cursor.execute(f"CREATE DATABASE {copy} TEMPLATE {source}")
            made.touch()
            return
    connection.settings_dict["TEST"]["TEMPLATE"] = model
    yield


def unwritten() -> dict[str, list[str]]:
    """What the models of the product say and its migrations do not, by application. Asks nothing of a database."""
    known = MigrationLoader(None)
    with translation.override(None):
        told = MigrationAutodetector(known.project_state(), ProjectState.from_apps(apps)).changes(graph=known.graph)
    return {label: [each.describe() for one in found for each in one.operations] for label, found in told.items()}
