"""What every benchmark ends with: one table, its bars, and `bench/results/NAME.json`.

    {"name", "machine", "rows": [...], "bars": [{"name", "value", "unit", "bar", "sense": "min"|"max", "ok"}]}

A bar that is not met is printed and written as such. The exit status says whether the benchmark could be run, not
whether its bars were met: a busy machine is not a broken build.
"""

import json
import os
import platform
import signal
import sys
import time
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


def at_least(name, value, bar, unit=""):
    return _bar(name, value, bar, unit, "min", value is not None and value >= bar)


def at_most(name, value, bar, unit=""):
    return _bar(name, value, bar, unit, "max", value is not None and value <= bar)


def _bar(name, value, bar, unit, sense, ok):
    return {"name": name, "value": value, "unit": unit, "bar": bar, "sense": sense, "ok": ok}


def run(name, measure, judge, *, kept=True):
    """Measure, print, write. `measure()` gives the rows (flat, the same keys in each), `judge(rows)` the bars.

    `kept` False: printed only.
    """
    end_when_asked()
    started = time.monotonic()
    rows = measure()
    result = {"name": name, "machine": machine(), "rows": rows, "bars": judge(rows)}
    print(f"\n{name} · {result['machine']} · {time.monotonic() - started:.0f} s")
    print(table(rows))
    for bar in result["bars"]:
        print(line(bar))
    if kept:
        write(result)
    return 0


def end_when_asked():
    """So that a town that is told to stop (SIGTERM) takes its folder and its processes along."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def write(result, folder=RESULTS):
    folder.mkdir(exist_ok=True)
    (folder / f"{result['name']}.json").write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n")


def read(folder=RESULTS):
    """The last results of each benchmark, by name."""
    found = [json.loads(file.read_text()) for file in sorted(folder.glob("*.json"))]
    return {result["name"]: result for result in found}


def machine():
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, load {load:.1f} at the end"
    )


def table(rows):
    """Plain columns, as wide as what they hold."""
    cells = [list(rows[0]), *([_cell(row.get(name)) for name in rows[0]] for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    return "\n".join(
        "  " + "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in cells
    )


def _cell(value):
    return "-" if value is None else str(value)


def line(bar):
    sign = "≥" if bar["sense"] == "min" else "≤"
    verdict = "ok" if bar["ok"] else "NOT MET" if bar["value"] is not None else "NOT MEASURED"
    return f"  {bar['name']:58} {_cell(bar['value']):>9} {bar['unit']:3} {sign} {bar['bar']:<6} {verdict}"
