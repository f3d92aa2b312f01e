"""Start a program that ends when we do, even when we are killed, and optionally under another account."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

LAUNCHER: Final = Path(__file__).with_name("launch.py")


@dataclass(frozen=True, slots=True)
class Account:
    """A system account."""

    name: str
    uid: int
    gid: int


def spawn(
    argv: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    account: Account | None = None,
    when_parent_dies: signal.Signals = signal.SIGTERM,
    output: IO[bytes] | int | None = None,
    folder: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start `argv` (absolute program first) in a session of its own; both its outputs go to `output`.

    The kernel sends `when_parent_dies` when the *thread* that called this ends: call it from one that lasts.
    """
    options = ["--parent", str(os.getpid()), "--signal", str(int(when_parent_dies))]
    if account is not None and account.uid != os.geteuid():
        options += ["--uid", str(account.uid), "--gid", str(account.gid)]
    return subprocess.Popen(  # noqa: S603 - the callers of this module name the programs themselves
        [sys.executable, "-I", "-S", str(LAUNCHER), *options, "--", *argv],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        env=dict(environment) if environment is not None else None,
        cwd=folder,
        start_new_session=True,
    )


def alive(pid: int) -> bool:
    """True if a process of that number exists, whoever owns it."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
