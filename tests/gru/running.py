"""The database as the running product has it: by the role that does not own the tables."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from etoile.gru.product import PRODUCT
from etoile.runtime.postgres.provision import DATABASES, grant


@contextmanager
def running() -> Iterator[str]:
    """Django's own connection, under the role of the running product. For tests whose transactions are real."""
    role, usual = DATABASES["gru"].runtime, connection.settings_dict["USER"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None:
            pytest.skip("this server has no role that only runs")
        grant(connection.connection, role, append_only=PRODUCT.append_only)
    connection.close()
    connection.settings_dict["USER"] = role
    try:
        yield role
    finally:
        connection.close()
        connection.settings_dict["USER"] = usual
