"""Processor seconds of a process and of all it started: on a shared machine they say more than the clock."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


class Meter:
    """`with Meter(pid, …) as meter: …` then `meter.seconds`. Children that ended meanwhile count, once waited for."""

    def __init__(self, *processes):
        self.processes, self.seconds = processes, 0.0

    def __enter__(self):
        self._before = sum(map(spent, self.processes))
        return self

    def __exit__(self, *exception):
        self.seconds = sum(map(spent, self.processes)) - self._before

    def per_1000(self, number):
        return round(self.seconds / number * 1000, 3)


def spent(pid):
    """Processor seconds of the process and its descendants so far."""
    children = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and (fields := _fields(folder.name)):
            children.setdefault(int(fields[1]), []).append(int(folder.name))
    total, stack = 0, [pid]
    while stack:
        each = stack.pop()
        # utime, stime, and those of the children already waited for.
        total += sum(int(field) for field in (_fields(each) or ["0"] * 15)[11:15])
        stack += children.get(each, [])
    return total / TICKS


def _fields(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
