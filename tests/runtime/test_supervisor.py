import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from etoile.runtime.ports import free
from etoile.runtime.processes import alive
from etoile.runtime.supervisor import ChildFailedError, Supervisor

Wait = Callable[[Callable[[], object]], None]

STEADY = "import time; print('here', flush=True); time.sleep(600)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('here', flush=True); time.sleep(600)"
)
PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("child", child.pid, flush=True)
time.sleep(600)
"""
SUPERVISING = f"""
import sys, time
from etoile.runtime.ports import free
from etoile.runtime.supervisor import Supervisor
programs = Supervisor()
for name in ("one", "two"):
    programs.add(name, [sys.executable, "-c", {STEADY!r}])
programs.start()
for name in ("one", "two"):
    programs.wait_ready(name)
print(*(state.pid for state in programs.states().values()), flush=True)
time.sleep(600)
"""


def python(program: str) -> list[str]:
    return [sys.executable, "-c", program]


@pytest.fixture
def said() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def programs(said: io.StringIO) -> Iterator[Supervisor]:
    with Supervisor(output=said, grace=1) as supervisor:
        yield supervisor


def test_what_programs_say_is_prefixed_line_by_line(programs: Supervisor, said: io.StringIO, wait: Wait) -> None:
    programs.add("web", python("print('one'); print('two', end='', flush=True); import time; time.sleep(600)"))
    programs.add("worker", python(STEADY))
    programs.start()
    wait(lambda: "one" in said.getvalue() and "here" in said.getvalue())
    programs.close()
    assert "web    | one\n" in said.getvalue()
    assert "worker | here\n" in said.getvalue()


def test_a_killed_program_is_started_again(programs: Supervisor, wait: Wait) -> None:
    programs.add("web", python(STEADY))
    programs.start()
    programs.wait_ready("web")
    before = programs.states()["web"].pid
    programs.kill("web")
    wait(lambda: programs.states()["web"].up and programs.states()["web"].pid != before)
    assert programs.states()["web"].restarts == 1


def test_a_stopped_program_stays_down_until_it_is_started(programs: Supervisor, said: io.StringIO, wait: Wait) -> None:
    programs.add("web", python(STEADY))
    programs.start()
    programs.wait_ready("web")
    programs.stop("web")
    programs.start()
    assert not programs.states()["web"].up
    programs.restart("web")
    programs.wait_ready("web")
    wait(lambda: "stopped (killed by signal 15)" in said.getvalue())


def test_a_program_that_will_not_end_is_killed_after_a_while(
    programs: Supervisor, said: io.StringIO, wait: Wait
) -> None:
    programs.add("web", python(STUBBORN))
    programs.start()
    wait(lambda: "here" in said.getvalue())
    pid = programs.states()["web"].pid
    assert pid
    programs.stop("web")
    assert not alive(pid)


def test_the_children_of_a_killed_program_are_swept(programs: Supervisor, said: io.StringIO, wait: Wait) -> None:
    programs.add("web", python(PARENT))
    programs.start()
    wait(lambda: "child" in said.getvalue())
    grandchild = int(said.getvalue().split("child ")[1].split()[0])
    pid = programs.states()["web"].pid
    assert pid
    os.kill(pid, signal.SIGKILL)
    wait(lambda: not running(grandchild))


def test_a_program_that_cannot_start_is_told_with_its_last_words(programs: Supervisor) -> None:
    programs.add("web", python("raise SystemExit('no configuration')"))
    programs.start()
    with pytest.raises(ChildFailedError, match=r"(?s)web .*no configuration"):
        programs.wait_ready("web", timeout=1)


def test_a_program_is_ready_when_its_address_answers(programs: Supervisor, tmp_path: Path) -> None:
    (port,) = free()
    server = f"import http.server as h; h.test(h.SimpleHTTPRequestHandler, port={port}, bind='127.0.0.1')"
    programs.add("web", python(server), ready_url=f"http://127.0.0.1:{port}/", folder=tmp_path)
    programs.start()
    programs.wait_ready("web")
    programs.stop("web")
    with pytest.raises(ChildFailedError, match="not ready after 0 s"):
        programs.wait_ready("web", timeout=0.2)


def test_killing_the_supervisor_leaves_no_orphan(wait: Wait) -> None:
    with subprocess.Popen(python(SUPERVISING), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as parent:
        assert parent.stdout
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(pids) == 2
        parent.kill()
    wait(lambda: not any(running(pid) for pid in pids))


def running(pid: int) -> bool:
    """An orphan that has ended may wait for a first process that never asks: it does not run."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
