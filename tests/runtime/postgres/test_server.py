import os
import stat
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from etoile.runtime.postgres import place
from etoile.runtime.postgres.problems import AlreadyRunningError, EmbeddedDatabaseError
from etoile.runtime.postgres.provision import DATABASES, grant
from etoile.runtime.postgres.server import Server, running

NOBODY = 65534


def throw_away(ground: Path, name: str = "database") -> Server:
    return Server(ground / "data", home=ground / name, throw_away=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has privileges to drop")
def test_root_starts_it_under_an_unprivileged_account(server: Server, account_of: Callable[[int], str]) -> None:
    assert server.pid
    assert account_of(server.pid) in place.ACCOUNTS
    assert Path(f"/proc/{server.pid}/status").read_text().count("CapEff:\t0000000000000000") == 1


def test_nothing_listens_but_a_private_socket(server: Server) -> None:
    with psycopg.connect(server.address("etoile", "postgres")) as connection:
        shown = {name: connection.execute(f"SHOW {name}").fetchone()[0] for name in ("listen_addresses", "port")}
        folder = Path(connection.execute("SHOW unix_socket_directories").fetchone()[0])
        rules = connection.execute("SELECT type, auth_method FROM pg_hba_file_rules").fetchall()
        checksums = connection.execute("SHOW data_checksums").fetchone()[0]
    assert shown == {"listen_addresses": "", "port": "5432"}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
    assert rules == [("local", "peer")]
    assert checksums == "on"


def test_each_product_has_its_database_and_two_roles_of_its_own(server: Server) -> None:
    for database in DATABASES.values():
        for role in (database.owner, database.runtime):
            with psycopg.connect(server.address(role, database.name)) as connection:
                assert connection.execute("SELECT current_user::text").fetchone() == (role,)
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        psycopg.connect(server.address("hub_app", "etoile_gru"))


def test_the_runtime_role_uses_the_tables_and_never_alters_them(server: Server) -> None:
    with psycopg.connect(server.address("hub_owner", "etoile_hub")) as owner:
        owner.execute("CREATE TABLE thing (id int)")
        owner.execute("CREATE TABLE journal_like (id int)")
        grant(owner, "hub_app", append_only=("journal_like",))
        owner.execute("CREATE TABLE later (id serial)")
    with psycopg.connect(server.address("hub_app", "etoile_hub"), autocommit=True) as runtime:
        runtime.execute("INSERT INTO thing VALUES (1); UPDATE thing SET id = 2; DELETE FROM thing")
        runtime.execute("INSERT INTO journal_like VALUES (1)")
        runtime.execute("INSERT INTO later DEFAULT VALUES")
        for forbidden in (
            "DROP TABLE thing",
            "ALTER TABLE thing ADD COLUMN x int",
            "CREATE TABLE other (id int)",
            "TRUNCATE thing",
            "UPDATE journal_like SET id = 2",
            "DELETE FROM journal_like",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                runtime.execute(forbidden)


def test_a_second_starter_is_told_who_runs_it(server: Server) -> None:
    with pytest.raises(AlreadyRunningError, match=f"already run by process {os.getpid()}"):
        Server(server.data).start()
    assert running(server.data) == server.pid


def test_starting_again_finds_what_was_written(ground: Path) -> None:
    with throw_away(ground) as first, psycopg.connect(first.address("hub_owner", "etoile_hub")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    assert running(ground / "data") is None
    with (
        Server(ground / "data", throw_away=True) as second,
        psycopg.connect(second.address("hub_owner", "etoile_hub")) as connection,
    ):
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_an_initialisation_cut_short_begins_again(ground: Path) -> None:
    server = throw_away(ground)
    (ground / "database" / "cluster.draft").mkdir(parents=True)
    (ground / "database" / "cluster.draft" / "PG_VERSION").write_text("18\n")
    with server:
        assert server.pid


def test_data_of_another_major_version_is_left_alone(ground: Path) -> None:
    with throw_away(ground):
        pass
    version = ground / "database" / "cluster" / "PG_VERSION"
    version.write_text("14\n")
    with pytest.raises(EmbeddedDatabaseError, match=r"written by PostgreSQL 14.*Nothing was touched"):
        throw_away(ground).start()
    assert version.read_text() == "14\n"


def test_a_database_that_disappeared_is_not_replaced_by_an_empty_one(ground: Path) -> None:
    with throw_away(ground):
        pass
    (ground / "database" / "cluster").rename(ground / "database" / "elsewhere")
    with pytest.raises(EmbeddedDatabaseError, match=r"is not in .* any more"):
        throw_away(ground).start()
    assert not (ground / "database" / "cluster").exists()


def test_a_failed_start_says_what_postgresql_said(ground: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("etoile.runtime.postgres.server.TRY_AGAIN_FOR", 0)
    with throw_away(ground):
        pass
    (ground / "database" / "cluster" / "local.conf").write_text("shared_buffers = 'a lot'\n")
    with pytest.raises(EmbeddedDatabaseError, match='invalid value for parameter "shared_buffers"'):
        throw_away(ground).start()
    (ground / "database" / "cluster" / "local.conf").write_text("work_mem = '7MB'\n")
    with throw_away(ground) as mended, psycopg.connect(mended.address("etoile", "postgres")) as connection:
        assert connection.execute("SHOW work_mem").fetchone() == ("7MB",)


def test_a_long_path_moves_the_socket_to_a_short_private_folder(ground: Path) -> None:
    home = ground / ("x" * 90)
    with Server(ground / "data", home=home, throw_away=True) as server:
        record = place.read_record(ground / "data")
        assert record is not None
        sockets = Path(record.sockets)
        assert not sockets.is_relative_to(home)
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
        with psycopg.connect(server.address("hub_app", "etoile_hub")) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    sockets.rmdir()


def test_a_socket_folder_prepared_by_someone_else_is_refused(ground: Path) -> None:
    home = ground / ("y" * 90)
    found = place.inspect(ground / "data", home=home)
    found.sockets.mkdir(mode=0o777)
    found.sockets.chmod(0o777)
    try:
        with pytest.raises(EmbeddedDatabaseError, match="not a private folder"):
            Server(ground / "data", home=home, throw_away=True).start()
    finally:
        found.sockets.rmdir()


def test_nothing_of_a_row_reaches_the_log(ground: Path) -> None:
    with throw_away(ground) as server, psycopg.connect(server.address("hub_owner", "etoile_hub"), autocommit=True) as c:
        c.execute("CREATE TABLE person (email text UNIQUE)")
        c.execute("INSERT INTO person VALUES ('canary@example.org')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            c.execute("INSERT INTO person VALUES ('canary@example.org')")
        with pytest.raises(psycopg.errors.InvalidTextRepresentation):
            c.execute("SELECT %s::text::int", ["canary@example.org"])
    logs = "".join(file.read_text() for file in (ground / "database" / "log").iterdir())
    assert "ready to accept connections" in logs
    assert "canary" not in logs


@pytest.mark.skipif(os.geteuid() != 0, reason="another account is needed")
def test_data_of_another_account_is_refused_in_plain_words(ground: Path) -> None:
    with throw_away(ground):
        pass
    reader, writer = os.pipe()
    if os.fork() == 0:
        os.setresuid(NOBODY, NOBODY, NOBODY)
        try:
            place.inspect(ground / "data")
        except EmbeddedDatabaseError as refusal:
            os.write(writer, str(refusal).encode())
        os._exit(0)
    os.close(writer)
    os.wait()
    assert "start as the account that owns it, or as root" in os.read(reader, 1000).decode()
    os.close(reader)
