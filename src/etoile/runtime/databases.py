"""Which database a process uses: the address it is given, else the embedded server of the data folder.

Two addresses per product: HUB_DATABASE_URL (role that runs) and HUB_OWNER_DATABASE_URL (role that owns the tables, used
by `etoile migrate` alone). Nothing here starts a server: `etoile up` does, and exports the addresses to its children.
"""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from etoile.runtime.folders import data_folder
from etoile.runtime.postgres import server
from etoile.runtime.postgres.problems import EmbeddedDatabaseError
from etoile.runtime.postgres.provision import DATABASES
from etoile.runtime.products import Product
from etoile.runtime.variables import Variable

AS_OWNER: Final = "ETOILE_DATABASE_ROLE"
DJANGO_NAMES: Final = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
KEEP_CONNECTION: Final = 600


def variables(product: str) -> tuple[Variable, ...]:
    """What this module reads, for docs/environment.md."""
    prefix = product.upper()
    return (
        Variable(
            f"{prefix}_DATABASE_URL",
            "url (secret)",
            "the embedded PostgreSQL",
            f"PostgreSQL address of the {product}, with the role that runs (it does not own the tables).",
            True,
        ),
        Variable(
            f"{prefix}_OWNER_DATABASE_URL",
            "url (secret)",
            f"{prefix}_DATABASE_URL",
            "The same database, with the role that owns the tables: used by `etoile migrate` alone.",
            True,
        ),
    )


def url(product: str, *, source: Mapping[str, str] | None = None) -> str:
    """Connection string (libpq) of the runtime role."""
    return _given(product, "DATABASE_URL", source) or _embedded(product, owner=False)


def owner_url(product: str, *, source: Mapping[str, str] | None = None) -> str:
    """Connection string (libpq) of the role that owns the tables."""
    given = _given(product, "OWNER_DATABASE_URL", source) or _given(product, "DATABASE_URL", source)
    return given or _embedded(product, owner=True)


def django_database(product: str) -> dict[str, Any]:
    """The value of DATABASES["default"]: the runtime role, or the owner while `etoile migrate` runs."""
    as_owner = os.environ.get(AS_OWNER) == "owner"
    try:
        parts = conninfo_to_dict(owner_url(product) if as_owner else url(product))
    except ProgrammingError as damage:
        raise EmbeddedDatabaseError(f"{product.upper()}_DATABASE_URL is not a PostgreSQL address: {damage}") from None
    known = {django: str(parts.pop(libpq)) for libpq, django in DJANGO_NAMES.items() if parts.get(libpq) is not None}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **known,
        "CONN_MAX_AGE": KEEP_CONNECTION,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parts),
    }


def addresses(products: Iterable[Product]) -> dict[str, str]:
    """The variables that name both roles' databases of these products, to hand to a child process."""
    named: dict[str, str] = {}
    for product in products:
        named[f"{product.prefix}_DATABASE_URL"] = url(product.name)
        named[f"{product.prefix}_OWNER_DATABASE_URL"] = owner_url(product.name)
    return named


def given(product: str) -> bool:
    """True if the operator named a database for this product."""
    return _given(product, "DATABASE_URL", None) is not None


def _given(product: str, suffix: str, source: Mapping[str, str] | None) -> str | None:
    environment = os.environ if source is None else source
    return environment.get(f"{product.upper()}_{suffix}", "").strip() or None


def _embedded(product: str, *, owner: bool) -> str:
    """Also answers before the first start, so that settings can be read; connecting then fails, and says where."""
    database = DATABASES[product]
    role = database.owner if owner else database.runtime
    data: Path = data_folder()
    known = server.address(data, role, database.name)
    return known or server.socket_address(data / "postgres" / "socket", role, database.name)
