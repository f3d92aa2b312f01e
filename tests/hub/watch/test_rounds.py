"""The worker runs the jobs by itself; a process killed in the middle of one leaves it to another."""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from django.db import connection

from etoile.hub.journal import seals
from etoile.hub.journal.services import record
from etoile.hub.product import PRODUCT
from etoile.hub.watch import duties, jobs, rounds
from etoile.hub.watch.jobs import Duty, Every
from etoile.hub.watch.models import Job
from etoile.hub.watch.rounds import Rounds
from etoile.hub.worker.database import conninfo
from etoile.runtime.postgres.provision import DATABASES, grant
from tests.hub.worker.conftest import Stub, star, work  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db(transaction=True)

# A process that takes a job, says so, and never ends it.
STUCK = """
import os, threading
import django
django.setup()
from etoile.hub.watch import jobs
from etoile.hub.watch.jobs import Duty, Every
jobs.LEASE = 1.0

def stay(now):
    print("taken", flush=True)
    threading.Event().wait()

jobs.run(jobs.take([Duty("test", Every(60), stay, "test", 60)], "killed"))
"""


def until(seen, seconds=120):
    give_up = time.monotonic() + seconds
    while not (found := seen()):
        assert time.monotonic() < give_up, "it did not come"
        time.sleep(0.05)
    return found


def test_the_job_of_a_process_killed_at_work_is_taken_up_by_another():
    one = Duty("test", Every(60), lambda now: "done", "test", 60, at_start=True)
    jobs.enrol([one])
    environment = os.environ | {"HUB_DATABASE_URL": conninfo(), "DJANGO_SETTINGS_MODULE": "etoile.hub.settings"}
    with subprocess.Popen([sys.executable, "-c", STUCK], env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline() == "taken\n"
            # Alive, it keeps its lease well beyond its length.
            first = Job.objects.get(name="test").lease_until
            until(lambda: Job.objects.get(name="test").lease_until > first + timedelta(seconds=1))
            assert jobs.take([one], "w2") is None
        finally:
            process.send_signal(signal.SIGKILL)
    taken = until(lambda: jobs.take([one], "w2"))
    assert jobs.run(taken)
    job = Job.objects.get(name="test")
    assert (job.token, job.worker, job.said) == (2, "w2", "done")


def test_what_is_written_in_the_journal_is_sealed_by_itself(monkeypatch):
    often = [replace(duty, schedule=Every(0.02), at_start=True) for duty in duties.DUTIES if duty.name == "seal"]
    with connection.cursor() as cursor:
        record(cursor, "test.written", actor="test")
    rounds = Rounds("w1", often)
    rounds.start()
    try:
        until(sealed)
    finally:
        rounds.stop(20)


def sealed():
    with connection.cursor() as cursor:
        return not seals.waiting(cursor)[0]


def test_a_worker_runs_the_jobs_beside_its_deliveries(star):  # noqa: F811
    done = lambda: Job.objects.filter(name="partitions", last_succeeded__isnull=False).exists()  # noqa: E731
    work({"stub": Stub()}, until=done)
    assert set(Job.objects.values_list("name", flat=True)) == {duty.name for duty in duties.DUTIES}
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("watch-")]


def test_a_lost_connection_is_made_again(monkeypatch):
    monkeypatch.setattr(rounds, "EVERY", 0.1)
    monkeypatch.setattr(rounds, "AFTER_A_LOSS", 0.2)
    turns = []
    one = Duty("test", Every(0.01), lambda now: turns.append(now) or "", "test", 60, at_start=True)
    running = Rounds("w1", [one])
    running.start()
    try:
        until(lambda: len(turns) > 2)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND backend_type = 'client backend'"  # the owner may not end an autovacuum
            )
        seen = len(turns)
        until(lambda: len(turns) > seen + 2)
    finally:
        running.stop(20)


def test_the_role_that_runs_writes_what_the_watch_keeps():
    role = DATABASES["hub"].runtime
    with psycopg.connect(conninfo()) as owner:
        if not owner.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
            pytest.skip("this server has no role that only runs")
        grant(owner, role, append_only=PRODUCT.append_only)
        rights = owner.execute(
            "SELECT c.relname, has_table_privilege(%s, c.oid, 'SELECT') AND CASE c.relkind WHEN 'S' THEN"
            "   has_sequence_privilege(%s, c.oid, 'USAGE') ELSE has_table_privilege(%s, c.oid, 'INSERT')"
            "   AND has_table_privilege(%s, c.oid, 'UPDATE') AND has_table_privilege(%s, c.oid, 'DELETE') END"
            " FROM pg_class c WHERE c.relname LIKE 'watch\\_%%' AND c.relkind IN ('r', 'S')",
            [role] * 5,
        ).fetchall()
    assert len(rights) > 6
    assert [name for name, allowed in rights if not allowed] == []
