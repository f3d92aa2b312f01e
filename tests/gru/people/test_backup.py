"""A backup, for real: by the programs that come with the server, restored beside, and sealed as before."""

import subprocess
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection
from tests.gru.conftest import make_town
from tests.gru.running import running

from etoile.runtime.postgres.binaries import available

RESTORED = "etoile_test_restored"
SEALED = """
SELECT c.relname, c.relrowsecurity, p.policyname, p.cmd, p.qual, p.with_check FROM pg_class c
LEFT JOIN pg_policies p ON p.tablename = c.relname
WHERE c.relnamespace = 'public'::regnamespace AND c.relrowsecurity ORDER BY 1, 3
"""


@pytest.fixture
def programs():
    major = connection.pg_version // 10000
    found = next((each for each in available() if each.major == major), None)
    if found is None or not (found.folder / "pg_dump").exists():
        pytest.skip("the programs of this server do not include pg_dump")
    return found


def run(programs, name, *arguments, user):
    where = connection.get_connection_params()
    reached = ["--host", str(where["host"]), "--port", str(where.get("port") or 5432), "--username", user]
    return subprocess.run([programs.program(name), *reached, *arguments], capture_output=True, text=True, check=False)


def prints(found):
    """A digest of each table, to the last column."""
    names = found.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
    asked = " UNION ALL ".join(
        f"SELECT '{name}', md5(string_agg(row::text, '' ORDER BY row::text)) FROM \"{name}\" row" for (name,) in names
    )
    return found.execute(asked).fetchall(), found.execute(SEALED).fetchall()


@contextmanager
def bare(user, database):
    given = {"user": user, "dbname": database, "cursor_factory": psycopg.Cursor, "autocommit": True}
    with psycopg.connect(**connection.get_connection_params() | given) as found:
        yield found


@pytest.mark.django_db(transaction=True)
def test_a_backup_by_the_owner_is_whole_and_comes_back_sealed(programs, tmp_path):
    make_town().submit()
    owner, name, file = connection.settings_dict["USER"], connection.settings_dict["NAME"], str(tmp_path / "gru.dump")
    with running() as role:
        refused = run(programs, "pg_dump", "--format=custom", "--file", file, name, user=role)
        assert refused.returncode != 0 and "row-level security" in refused.stderr
        made = run(programs, "pg_dump", "--format=custom", "--file", file, name, user=owner)
        assert made.returncode == 0, made.stderr
        with bare(owner, name) as here:
            before = prints(here)
            here.execute(f"CREATE DATABASE {RESTORED} TEMPLATE template0")
        try:
            back = run(
                programs,
                "pg_restore",
                "--exit-on-error",
                "--single-transaction",
                "--dbname",
                RESTORED,
                file,
                user=owner,
            )
            assert back.returncode == 0, back.stderr
            with bare(owner, RESTORED) as there:
                assert prints(there) == before
                assert there.execute("SELECT count(*) FROM people_attribute").fetchone()[0] > 0
            with bare(role, RESTORED) as agent:
                assert agent.execute("SELECT count(*) FROM people_attribute").fetchone() == (0,)
        finally:
            with bare(owner, name) as here:
                here.execute(f"DROP DATABASE {RESTORED}")  # waits; FORCE may not end an autovacuum of the server
