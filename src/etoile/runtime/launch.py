"""Become another program, tied to the process that started us. Run as a script (`python -I -S launch.py …`), it imports
nothing of Étoile so that it starts in some milliseconds.

    launch.py --parent PID --signal NUMBER [--uid N --gid N] -- program argument…

A start through this script, rather than a function between fork and exec, is safe in a program with threads.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    split = arguments.index("--")
    options = dict(zip(arguments[:split:2], arguments[1:split:2], strict=True))
    program = arguments[split + 1 :]
    if "--uid" in options:
        gid, uid = int(options["--gid"]), int(options["--uid"])
        os.setgroups([gid])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)
    die_with_parent(int(options["--parent"]), int(options["--signal"]))
    for ignored in (signal.SIGINT, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(ignored, signal.SIG_DFL)
    os.execv(program[0], program)  # noqa: S606 - becoming the program we were given is the whole job


def die_with_parent(parent: int, number: int) -> None:
    """The kernel forgets the request when the account changes, so it is made last, then checked against a lost race."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("the process that asked for this program has ended")


if __name__ == "__main__":
    main(sys.argv[1:])
