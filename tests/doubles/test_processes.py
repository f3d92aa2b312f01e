"""Each simulated application runs as a process of its own, and what it took survives a kill."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3

from etoile.doubles.simulation.process import MissingSecretError, Settings, parse
from etoile.runtime.ports import free

WORKS = {"Object": "Signalement", "Description": "Un trou", "ExternalReference": "26-K7QM-3"}


class Process:
    """One simulated application, started as the demonstration starts it."""

    def __init__(self, name: str, settings: Settings) -> None:
        (self.port,) = free()
        self.arguments = [sys.executable, "-m", f"etoile.doubles.{name}", "--port", str(self.port)]
        self.arguments += [
            "--sftp-port",
            "0",
            "--hub",
            settings.hub,
            "--data",
            str(settings.data),
            "--secrets",
            str(settings.secrets),
        ]
        self.running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.running = subprocess.Popen(self.arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 120
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.5).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError("it did not start")

    def end(self, number: int) -> int:
        assert self.running is not None
        os.kill(self.running.pid, number)
        return self.running.wait(60)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture
def techniques(settings: Settings) -> Iterator[Process]:
    process = Process("services_techniques", settings)
    process.start()
    yield process
    if process.running is not None and process.running.poll() is None:
        process.end(signal.SIGKILL)


def post(http: urllib3.PoolManager, url: str, path: str, body: Any) -> Any:
    headers = {"X-API-Key": "secret-of-services_techniques_api_key"}
    return http.request("POST", url + path, headers=headers, json=body)


def test_cut_after_writing_then_killed_then_stopped_it_forgets_nothing(techniques, http):
    post(http, techniques.url, "/_double/faults", {"fault": "write_then_fail", "count": 1})
    with pytest.raises(urllib3.exceptions.ProtocolError):
        post(http, techniques.url, "/api/WorksRequests", WORKS)
    post(http, techniques.url, "/_double/faults", {"fault": "down", "count": 1})
    with pytest.raises(urllib3.exceptions.ProtocolError):
        post(http, techniques.url, "/api/WorksRequests", WORKS)
    techniques.end(signal.SIGKILL)
    techniques.start()
    items = json.loads(http.request("GET", techniques.url + "/_double/state").data)
    assert [item["reference"] for item in items] == ["26-K7QM-3"]
    assert techniques.end(signal.SIGTERM) == 0


@pytest.mark.parametrize(("name", "port"), [("services_famille", 8201), ("urbanisme", 8203), ("vie_locale", 8204)])
def test_the_others_start_by_the_same_arguments(name, port, settings, http):
    assert parse(name, port, []).port == port
    process = Process(name, settings)
    process.start()
    try:
        assert http.request("GET", process.url + "/_double/state").json() == []
        assert "application simulée" in http.request("GET", process.url + "/").data.decode()
    finally:
        assert process.end(signal.SIGTERM) == 0


def test_a_secret_is_read_when_it_is_needed_from_the_environment_first(settings, monkeypatch, tmp_path: Path):
    with pytest.raises(MissingSecretError, match="ANOTHER_SECRET"):
        settings.secret("another_secret")
    (settings.secrets / "another_secret").write_text("from a file\n")
    assert settings.secret("another_secret") == "from a file"
    monkeypatch.setenv("ANOTHER_SECRET", "from the environment")
    assert settings.secret("another_secret") == "from the environment"
