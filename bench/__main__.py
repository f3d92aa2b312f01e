"""All the benchmarks, one after the other, each in a process of its own: `python -m bench`, or `make bench`.

One that fails or takes too long does not stop the others. The whole never exceeds `ALL_OF_THEM` (seconds): what a busy
machine leaves no time for is said not to be measured.
"""

import subprocess
import sys
import time

from bench import report

NAMES = ("deliveries", "latency", "intake", "isolation", "engines", "growth", "pages", "forms")
# By their own commands only: minutes, and gigabytes of disk.
APART = ("cases", "exports", "people")
LONGEST, ALL_OF_THEM = 300, 840


def main():
    report.end_when_asked()
    started = time.monotonic()
    end = started + ALL_OF_THEM
    failed = [name for name in NAMES if not finished(name, min(LONGEST, end - time.monotonic()))]
    results = report.read()
    bars = [(name, bar) for name in NAMES if name in results and name not in failed for bar in results[name]["bars"]]
    print(f"\nAll in {time.monotonic() - started:.0f} s: {len(bars)} bars, {sum(bar['ok'] for _, bar in bars)} met.")
    for name, bar in bars:
        if not bar["ok"]:
            print(f"{name:11}{report.line(bar)}")
    for name in failed:
        print(f"{name:11}  could not be measured: see above")
    return 1 if failed else 0


def finished(name, seconds):
    if seconds <= 0:
        print(f"{name}: not begun, no time is left")
        return False
    process = subprocess.Popen([sys.executable, "-m", f"bench.{name}"], stdin=subprocess.DEVNULL)
    try:
        return process.wait(seconds) == 0
    except subprocess.TimeoutExpired:
        print(f"{name}: stopped after {seconds:.0f} s")
        return False
    finally:
        # A benchmark that is asked to end stops what it started.
        if process.poll() is None:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    sys.exit(main())
