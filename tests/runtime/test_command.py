"""The `etoile` command as a person uses it, on an installation whose only product is the small site of this folder."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from etoile.runtime import command
from etoile.runtime.ports import free
from etoile.runtime.postgres.server import running
from etoile.runtime.stack import listening

SITE = Path(__file__).with_name("site")
ENTRY_POINTS = """
[etoile.products]
hub = site_product
[etoile.commands]
up = etoile.runtime.commands.up
migrate = etoile.runtime.commands.migrate
manage = etoile.runtime.commands.manage
worker = etoile.runtime.commands.worker
doctor = etoile.runtime.commands.doctor
version = etoile.runtime.commands.version
absent = etoile.not_installed.command
"""
Environment = dict[str, str]
Wait = Callable[[Callable[[], object]], None]


@pytest.fixture
def installation(ground: Path) -> Environment:
    """An environment in which the installed `etoile` is one that brings the small site alone."""
    metadata = ground / "installed" / "etoile-9.9.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: etoile\nVersion: 9.9\n")
    (metadata / "entry_points.txt").write_text(ENTRY_POINTS)
    (port,) = free()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("HUB_", "GRU_", "ETOILE_"))}
    return {
        **inherited,
        "PYTHONPATH": f"{metadata.parent}:{SITE}",
        "ETOILE_DATA": str(ground / "data"),
        "HUB_PORT": str(port),
    }


def etoile(environment: Environment, *arguments: str) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "etoile.runtime", *arguments]
    return subprocess.run(argv, env=environment, capture_output=True, text=True, timeout=120, check=False)


@contextmanager
def up(environment: Environment) -> Iterator[subprocess.Popen[str]]:
    """`etoile up`, once its page answers; asked to end if it is still there."""
    argv = [sys.executable, "-m", "etoile.runtime", "up"]
    with subprocess.Popen(argv, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            for line in process.stderr or ():
                if "Ctrl-C" in line:
                    break
            else:
                pytest.fail("etoile up ended before it was ready")
            yield process
        finally:
            process.terminate()


def ready(environment: Environment) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{environment['HUB_PORT']}/health/ready", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def descendants(pid: int) -> list[int]:
    """Every process started by `pid`, directly or not, that still runs."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            parents[int(folder.name)] = int(parent) if state != "Z" else 0
    found = [pid]
    for known in found:
        found += [child for child, parent in parents.items() if parent == known]
    return found[1:]


def runs(pid: int) -> bool:
    """An orphan that has ended may wait for a first process that never asks: it does not run."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_command_on_a_database_that_was_not_prepared_says_what_to_do(installation: Environment) -> None:
    answer = etoile(installation, "manage", "hub", "remove_stale_contenttypes")
    assert answer.returncode == 1
    assert "etoile migrate" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_alone_it_explains_itself(installation: Environment) -> None:
    answer = etoile(installation)
    assert answer.returncode == 0
    assert "etoile up " in answer.stdout
    assert "Start everything on this machine" in answer.stdout
    assert "absent" not in answer.stdout


@pytest.mark.parametrize("arguments", [["fly"], ["worker"], ["worker", "nobody"], ["absent"], ["up", "nobody"]])
def test_a_misuse_has_status_2_and_says_what_exists(installation: Environment, arguments: list[str]) -> None:
    answer = etoile(installation, *arguments)
    assert answer.returncode == 2
    assert "Traceback" not in answer.stderr
    assert any(word in answer.stderr for word in ("Commands:", "usage:", "installed:"))


def test_an_interruption_is_not_a_failure_with_a_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(name: str, rest: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "_run", interrupt)
    assert command.main(["up"]) == command.INTERRUPTED


def test_a_wrong_environment_stops_everything_before_it_starts(installation: Environment) -> None:
    answer = etoile(installation | {"ETOILE_ENV": "prod", "HUB_PORT": "0x50"}, "migrate")
    assert answer.returncode == 1
    assert "ETOILE_ENV is “prod”" in answer.stderr
    assert "HUB_PORT is “0x50”" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_migrating_twice_does_the_work_once(installation: Environment) -> None:
    first = etoile(installation, "migrate")
    assert "hub: 2 migrations applied" in first.stderr
    page = next(Path(installation["ETOILE_DATA"]).glob("static/hub/sober.*.css.br"))
    made = page.stat().st_mtime_ns
    second = etoile(installation, "migrate")
    assert "hub: up to date" in second.stderr
    assert page.stat().st_mtime_ns == made


def test_a_port_that_is_taken_is_said_with_the_variable_to_change(installation: Environment) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", int(installation["HUB_PORT"])))
        other.listen()
        answer = etoile(installation, "up")
    assert answer.returncode == 1
    assert "choose another one with HUB_PORT" in answer.stderr
    assert not Path(installation["ETOILE_DATA"]).exists()


def test_up_serves_survives_kills_and_stops_cleanly(installation: Environment, wait: Wait) -> None:
    data = Path(installation["ETOILE_DATA"])
    with up(installation) as process:
        assert ready(installation)
        assert len(descendants(process.pid)) > 4
        doctor = etoile(installation, "doctor")
        assert (doctor.returncode, "every migration is applied" in doctor.stdout) == (0, True), doctor.stdout
        assert "hub: System check identified no issues" in doctor.stdout
        assert etoile(installation, "manage", "hub", "migrate", "--check").returncode == 0
        second = etoile(installation | {"HUB_PORT": "1"}, "up")
        assert (second.returncode, f"already run by process {process.pid}" in second.stderr) == (1, True)
        database = running(data)
        assert database
        os.kill(database, signal.SIGKILL)
        wait(lambda: running(data) not in {None, database} and ready(installation))
        family = descendants(process.pid)
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) == 0
    assert running(data) is None
    assert not any(runs(pid) for pid in family)


def test_killing_up_leaves_nothing_behind_and_it_can_start_again(installation: Environment, wait: Wait) -> None:
    with up(installation) as process:
        family = descendants(process.pid)
        process.kill()
        wait(lambda: not any(runs(pid) for pid in family))
    assert not listening("127.0.0.1", int(installation["HUB_PORT"]))
    with up(installation):
        assert ready(installation)


def test_a_worker_alone_brings_its_own_database(installation: Environment, wait: Wait) -> None:
    argv = [sys.executable, "-m", "etoile.runtime", "worker", "hub"]
    with subprocess.Popen(argv, env=installation, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        assert any("at work" in line for line in iter(process.stderr.readline, ""))
        assert running(Path(installation["ETOILE_DATA"]))
        process.send_signal(signal.SIGINT)
        assert process.wait(120) == 0
    assert running(Path(installation["ETOILE_DATA"])) is None


def test_the_doctor_names_what_is_broken_and_how_to_mend_it(installation: Environment) -> None:
    secrets = Path(installation["ETOILE_DATA"]) / "secrets"
    secrets.mkdir(parents=True)
    (secrets / "hub_secret_key").write_text("x")
    (secrets / "hub_secret_key").chmod(0o644)
    answer = etoile(installation | {"HUB_PUBLIC_ULR": "x"}, "doctor")
    assert answer.returncode == 1
    assert "BROKEN    Secrets can be read by other accounts." in answer.stdout
    assert f"chmod 0600 {secrets}/hub_secret_key" in answer.stdout
    assert "HUB_PUBLIC_ULR is read by nothing" in answer.stdout
    assert "HUB_SECRET_KEY: the file" in answer.stdout
    assert "Traceback" not in answer.stdout + answer.stderr


def test_version_names_what_it_stands_on(installation: Environment) -> None:
    answer = etoile(installation, "version")
    assert "Étoile 9.9" in answer.stdout
    assert "PostgreSQL 18" in answer.stdout
