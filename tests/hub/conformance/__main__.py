"""Forks real workers in no time: one process with everything imported, told on its input what to start.

Each line asked is what `dying.become` takes; each line answered is the number of the process. When the input ends,
every worker is killed.
"""

import contextlib
import json
import os
import signal
import sys

import django


def main():
    django.setup()
    from tests.hub.conformance import dying

    # Nobody waits for what is forked off: it must not remain as a zombie.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    children = []
    try:
        for line in sys.stdin:
            pid = os.fork()
            if pid == 0:
                dying.become(**json.loads(line))
            children.append(pid)
            sys.stdout.write(f"{pid}\n")
            sys.stdout.flush()
    finally:
        for pid in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
