"""PostgreSQL restarted, killed, refusing to write or full under load; what uses it recovers without being restarted."""

import os
import shutil
import subprocess
from contextlib import ExitStack, contextmanager
from pathlib import Path
from signal import SIGINT, SIGKILL

import psycopg
import pytest

from etoile.runtime.postgres.provision import DATABASES
from tests.crashes.machine import WEB, WORKERS, children
from tests.crashes.publisher import until

NUMBER, SUBJECTS = 300, 30
PROGRAMS = (WEB, *WORKERS)
PARTS = "SELECT relid::regclass::text FROM pg_partition_tree(%s::regclass) WHERE isleaf"
UNAVAILABLE = "/v1/events 503 application/problem+json"
NO_TOKEN = "/oauth/token 503 application/problem+json"


@pytest.fixture
def unharmed(machine):
    """The programs of the hub live through it: same processes, no restart."""
    before = {name: machine.pid(name) for name in PROGRAMS}
    yield
    assert {name: machine.pid(name) for name in PROGRAMS} == before


def refused_well(publisher):
    """Nothing but 202, and 503 said as a problem; no answer at all is for the publisher to bear."""
    return set(publisher.answers.others) <= {UNAVAILABLE, NO_TOKEN, "lost"}


def test_a_restart_of_postgresql_is_survived_by_everyone(machine, publish, account, at_any_moment, unharmed):
    with publish(NUMBER, SUBJECTS) as publisher:
        at_any_moment(publisher)
        machine.signal_database(SIGINT)
        machine.database_again()
    machine.drained(publisher.subjects)
    assert refused_well(publisher), publisher.answers.others
    assert account(publisher).states == {"acknowledged": NUMBER}


@pytest.mark.parametrize("family", [False, True], ids=["postmaster", "all-its-processes"])
def test_a_kill_of_postgresql_is_survived_by_everyone(machine, publish, account, at_any_moment, unharmed, family):
    with publish(NUMBER, SUBJECTS) as publisher:
        at_any_moment(publisher)
        machine.signal_database(SIGKILL, family=family)
        machine.database_again()
    machine.drained(publisher.subjects)
    assert refused_well(publisher), publisher.answers.others
    assert account(publisher).states == {"acknowledged": NUMBER}


def test_the_crash_of_one_server_process_is_survived_by_everyone(
    machine, publish, account, at_any_moment, chance, unharmed
):
    """PostgreSQL then throws everyone out and recovers by itself, under the same postmaster."""
    with publish(NUMBER, SUBJECTS) as publisher:
        at_any_moment(publisher)
        backends = {pid for (pid,) in machine.query("SELECT pid FROM pg_stat_activity WHERE usename = 'hub_app'")}
        living = sorted(backends & set(children(machine.postmaster)))
        os.kill(chance.choice(living), SIGKILL)
        machine.database_again()
    machine.drained(publisher.subjects)
    assert refused_well(publisher), publisher.answers.others
    assert account(publisher).states == {"acknowledged": NUMBER}


def test_a_database_that_refuses_to_write_is_said_as_503_and_forgotten_once_it_writes(
    machine, publish, account, at_any_moment, unharmed
):
    with publish(NUMBER, SUBJECTS) as publisher:
        at_any_moment(publisher)
        with read_only(machine):
            until(lambda: publisher.answers.others[UNAVAILABLE] > 20, "events are refused with 503")
            assert publisher.ask_token() == ""
    machine.drained(publisher.subjects)
    assert refused_well(publisher), publisher.answers.others
    assert account(publisher).states == {"acknowledged": NUMBER}


def test_no_connection_left_in_postgresql_is_said_as_503_and_forgotten_once_there_are(
    machine, publish, account, at_any_moment, unharmed
):
    with publish(4 * NUMBER, SUBJECTS) as publisher:
        at_any_moment(publisher)
        with every_connection_taken(machine):
            until(lambda: publisher.answers.others[UNAVAILABLE] > 20, "events are refused with 503")
    machine.drained(publisher.subjects)
    assert refused_well(publisher), publisher.answers.others
    assert account(publisher).states == {"acknowledged": 4 * NUMBER}


def test_a_full_disk_is_said_as_503_and_forgotten_once_there_is_room(
    machine, publish, account, at_any_moment, small_disk, unharmed
):
    with publish(4 * NUMBER, SUBJECTS) as publisher:
        until(lambda: publisher.answers.others[UNAVAILABLE] > 20, "events are refused with 503")
        assert refused_well(publisher), publisher.answers.others
        small_disk.grow()
    machine.drained(publisher.subjects)
    assert account(publisher).states == {"acknowledged": 4 * NUMBER}


@contextmanager
def read_only(machine):
    """As on a server that has become a standby, or that an operator protects."""
    switch = "ALTER SYSTEM {} default_transaction_read_only{}"
    machine.administer(switch.format("SET", " = on"), "SELECT pg_reload_conf()")
    try:
        yield
    finally:
        machine.administer(
            "SET default_transaction_read_only = off", switch.format("RESET", ""), "SELECT pg_reload_conf()"
        )


@contextmanager
def every_connection_taken(machine):
    """By another program, until nobody can connect, those of the hub being thrown out."""
    with ExitStack() as taken:
        administrator = taken.enter_context(psycopg.connect(machine.administrators, autocommit=True))

        def none_is_the_hubs():
            administrator.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'hub_app'"
            )
            with pytest.raises(psycopg.OperationalError):
                while True:
                    taken.enter_context(machine.connect(DATABASES["hub"].owner))
            hubs = administrator.execute("SELECT count(*) FROM pg_stat_activity WHERE usename = 'hub_app'").fetchone()
            return hubs == (0,)

        # What is freed may be taken by the hub before it is by us.
        until(none_is_the_hubs, "the hub has no connection left")
        yield


class SmallDisk:
    """A file system with hardly any room left, where the tables of messages and deliveries are put meanwhile."""

    TABLES = ("delivery_delivery", "journal_message")
    LEFT = 256 * 1024

    def __init__(self, machine):
        self.machine = machine
        self.folder = machine.folder / "small"
        self.folder.mkdir()

    @staticmethod
    def possible(machine):
        probe = machine.folder / "probe"
        probe.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(probe)], capture_output=True, check=False)
        if mounted.returncode == 0:
            subprocess.run(["umount", str(probe)], check=True)
        return mounted.returncode == 0

    def __enter__(self):
        self._mount("size=256m")
        try:
            status = Path(f"/proc/{self.machine.postmaster}").stat()
            os.chown(self.folder, status.st_uid, status.st_gid)
            self.machine.administer(f"CREATE TABLESPACE small OWNER hub_owner LOCATION '{self.folder}'")
            self._move("small")
            self._mount(f"remount,size={shutil.disk_usage(self.folder).used + self.LEFT}")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception):
        self.grow()
        self._move("pg_default")
        self.machine.administer("CHECKPOINT", "DROP TABLESPACE small")
        # Lazily: a server process may still hold a file that is gone.
        subprocess.run(["umount", "--lazy", str(self.folder)], check=True)

    def grow(self):
        self._mount("remount,size=256m")

    def _mount(self, options):
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(self.folder)], check=True)

    def _move(self, space):
        for table in self.TABLES:
            for (part,) in self.machine.query(PARTS, table):
                self.machine.administer(f"ALTER TABLE {part} SET TABLESPACE {space}")


@pytest.fixture
def small_disk(machine):
    if not SmallDisk.possible(machine):
        pytest.skip("a small file system can only be mounted by root, outside a closed container")
    with SmallDisk(machine) as disk:
        yield disk
