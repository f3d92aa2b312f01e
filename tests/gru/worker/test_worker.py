"""The worker as a real process: it sends what waits, survives the database cutting it off, stops when asked."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.gru.conftest import make_town

from etoile.gru.notices.models import Notice
from etoile.gru.outbox.models import OutgoingEvent

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def worker(settings: Any) -> Iterator[subprocess.Popen[bytes]]:
    named = settings.DATABASES["default"]
    parameters = connection.get_connection_params()
    address = f"postgresql://{parameters['user']}@/{parameters['dbname']}?host={parameters.get('host', '')}"
    if parameters.get("port"):
        address += f"&port={parameters['port']}"
    assert named["NAME"]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "etoile.gru.settings",
        "GRU_DATABASE_URL": address,
        "GRU_SMTP_URL": "smtp://127.0.0.1:1",
        "GRU_HUB_URL": "http://127.0.0.1:1",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "etoile.gru.worker"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    yield process
    if process.poll() is None:
        process.kill()
    process.wait()
    process.stdout.close()


def until(condition: Any, process: Any, seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert process.poll() is None, process.stdout.read().decode()
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def test_the_worker_tries_mail_and_hub_survives_a_cut_of_the_database_and_stops_when_asked(worker):
    town = make_town()
    town.submit()
    until(lambda: Notice.objects.get().attempts >= 1, worker)
    until(lambda: OutgoingEvent.objects.get().attempts >= 1, worker)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
            " AND backend_type = 'client backend'"  # the owner may not end an autovacuum
        )
    town.submit()
    until(lambda: Notice.objects.filter(attempts__gte=1).count() == 2, worker)
    until(lambda: OutgoingEvent.objects.filter(attempts__gte=1).count() == 2, worker)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(120) == 0
    assert not OutgoingEvent.objects.exclude(state="pending").exists()
    assert ProcrastinateJob.objects.filter(task_name="notices.send", status="todo").count() == 2
