"""Bring each product's database, messages and static files to this version: what `etoile migrate` and `up` do."""

import subprocess
import sys
from collections.abc import Iterable, Mapping

import psycopg
from psycopg.conninfo import conninfo_to_dict

from etoile.runtime import databases
from etoile.runtime.folders import data_folder
from etoile.runtime.messages import compile_all
from etoile.runtime.plain import PlainError
from etoile.runtime.postgres.provision import grant
from etoile.runtime.postgres.server import Tell
from etoile.runtime.products import Product


class MigrationFailedError(PlainError):
    """A product could not be prepared; the message ends with what Django said."""


def migrate(products: Iterable[Product], environment: Mapping[str, str], tell: Tell) -> None:
    """Prepare the products at the same time, as their owner roles, then let the runtime roles in.

    `environment` names the databases (see databases.py); a failure of one product is told once all have ended.
    """
    compile_all()
    compile_all(data_folder(environment) / "locale")
    running = [(product, _prepare(product, environment)) for product in products]
    failures = [_outcome(product, process, tell) for product, process in running]
    if any(failures):
        raise MigrationFailedError("\n".join(failure for failure in failures if failure))
    for product, _process in running:
        let_in(product, environment)


def let_in(product: Product, environment: Mapping[str, str]) -> None:
    """Grant the runtime role what it may do. Nothing to do when one role does both."""
    owner = databases.owner_url(product.name, source=environment)
    runtime_role = str(conninfo_to_dict(databases.url(product.name, source=environment)).get("user", ""))
    if runtime_role and runtime_role != conninfo_to_dict(owner).get("user"):
        try:
            with psycopg.connect(owner) as connection:
                grant(connection, runtime_role, append_only=product.append_only)
        except psycopg.Error as refusal:
            raise MigrationFailedError(f"{product.name}: {runtime_role} could not be let in: {refusal}") from refusal


def _prepare(product: Product, environment: Mapping[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "etoile.runtime.manage", product.name, "prepare"],
        env={**environment, databases.AS_OWNER: "owner", "PYTHONUNBUFFERED": "1", "ETOILE_LOG_LEVEL": "WARNING"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _outcome(product: Product, process: subprocess.Popen[str], tell: Tell) -> str:
    said, _nothing = process.communicate()
    if process.returncode == 0:
        applied = said.count("... OK")
        tell(f"{product.name}: {applied} migrations applied" if applied else f"{product.name}: up to date")
        return ""
    return f"{product.name} could not be migrated:\n{said.strip()}"
