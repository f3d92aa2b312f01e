"""All the benchmarks, one after the other, each in a process of its own: `python -m bench`, or `make bench`.

One that fails or takes too long does not stop the others. The whole takes less than 15 minutes on two cores.
"""

import signal
import subprocess
import sys
import time

from bench import report

NAMES = ("deliveries", "latency", "intake", "isolation", "engines", "growth")
LONGEST = 300


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    started = time.monotonic()
    failed = [name for name in NAMES if not finished(name)]
    results = report.read()
    bars = [(name, bar) for name in NAMES if name in results and name not in failed for bar in results[name]["bars"]]
    print(f"\nAll in {time.monotonic() - started:.0f} s: {len(bars)} bars, {sum(bar['ok'] for _, bar in bars)} met.")
    for name, bar in bars:
        if not bar["ok"]:
            print(f"{name:11}{report.line(bar)}")
    for name in failed:
        print(f"{name:11}  could not be measured: see above")
    return 1 if failed else 0


def finished(name):
    process = subprocess.Popen([sys.executable, "-m", f"bench.{name}"], stdin=subprocess.DEVNULL)
    try:
        return process.wait(LONGEST) == 0
    except subprocess.TimeoutExpired:
        print(f"{name}: stopped after {LONGEST} s")
        return False
    finally:
        # A benchmark that is asked to end stops what it started.
        if process.poll() is None:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    sys.exit(main())
