"""What a kill -9 may not do: lose a commit that was acknowledged, leave a process behind, prevent the next start."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psycopg

from etoile.runtime.postgres.keeper import Keeper
from etoile.runtime.postgres.server import Server, running
from etoile.runtime.processes import alive

WRITERS = 4
STARTER = """
import sys, time
from pathlib import Path
from etoile.runtime.postgres.server import Server
server = Server(Path(sys.argv[1]), home=Path(sys.argv[2]))
server.start()
print(server.pid, flush=True)
time.sleep(600)
"""


def write_until_it_fails(address: str, writer: int, acknowledged: list[tuple[int, int]]) -> None:
    try:
        with psycopg.connect(address, autocommit=True) as connection:
            for number in range(1_000_000):
                connection.execute("INSERT INTO written VALUES (%s, %s)", (writer, number))
                acknowledged.append((writer, number))
    except psycopg.OperationalError:
        return


def test_killing_the_server_under_writers_loses_no_acknowledged_commit(
    ground: Path, wait: Callable[[Callable[[], object]], None]
) -> None:
    server = Server(ground / "data", home=ground / "database")
    server.start()
    address = server.address("hub_owner", "etoile_hub")
    with psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE written (writer int, number int)")
    acknowledged: list[tuple[int, int]] = []
    writers = [
        threading.Thread(target=write_until_it_fails, args=(address, writer, acknowledged)) for writer in range(WRITERS)
    ]
    for thread in writers:
        thread.start()
    wait(lambda: len(acknowledged) > 500)
    assert server.pid
    os.kill(server.pid, signal.SIGKILL)
    for thread in writers:
        thread.join()
    server.stop()
    with (
        Server(ground / "data") as recovered,
        psycopg.connect(recovered.address("hub_owner", "etoile_hub")) as connection,
    ):
        kept = set(connection.execute("SELECT writer, number FROM written").fetchall())
    assert set(acknowledged) <= kept


def test_killing_who_started_it_leaves_no_orphan_and_the_next_start_succeeds(
    ground: Path, wait: Callable[[Callable[[], object]], None]
) -> None:
    argv = [sys.executable, "-c", STARTER, str(ground / "data"), str(ground / "database")]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout
        pid = int(starter.stdout.readline())
        starter.kill()
    with Server(ground / "data") as next_one:
        assert next_one.pid != pid
    wait(lambda: not alive(pid))


def test_a_keeper_starts_again_a_server_that_was_killed(
    ground: Path, wait: Callable[[Callable[[], object]], None]
) -> None:
    keeper = Keeper(ground / "data", home=ground / "database", throw_away=True)
    keeper.start()
    try:
        first = keeper.server.pid
        assert first
        os.kill(first, signal.SIGKILL)
        wait(lambda: running(ground / "data") not in {None, first})
        with psycopg.connect(keeper.server.address("hub_app", "etoile_hub")) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        keeper.close()
    assert running(ground / "data") is None


def test_data_removed_under_a_running_server_are_said_and_not_replaced(
    ground: Path, wait: Callable[[Callable[[], object]], None]
) -> None:
    told: list[str] = []
    keeper = Keeper(ground / "data", home=ground / "database", throw_away=True, tell=told.append)
    keeper.start()
    try:
        pid = keeper.server.pid
        assert pid
        shutil.rmtree(ground / "database" / "cluster")
        # A server that writes just then sees its files gone, and stops before we kill it.
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        wait(lambda: any("have been removed while they were in use" in sentence for sentence in told))
    finally:
        keeper.close()
    assert not (ground / "database" / "cluster").exists()
