"""The two delivery engines in one run: PostgreSQL, and NATS JetStream with a real server of its own on loopback.

    python -m bench.engines

Each engine has a town and a process of its own (the engine is chosen when a process starts). Rounds are run in turn.
Where an engine cannot be run, its row says so: nothing is assumed of it.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from bench import report
from bench.arrivals import middle
from bench.client import Publisher
from bench.deliveries import hub
from bench.latency import steady
from bench.star import event
from bench.town import Town, listening, wait_for
from etoile.runtime.ports import free
from etoile.runtime.processes import spawn

ENGINES = ("postgres", "nats")
SUBSCRIPTIONS, CONCURRENCY, TOTAL, ROUNDS = 10, 16, 5_000, 2
SERVER = "nats-server"


def measure():
    return [row(engine) for engine in ENGINES]


def row(engine):
    missing = absent(engine)
    if missing:
        return {"engine": f"{engine}: not available ({missing})", **dict.fromkeys(FIGURES)}
    with server(engine) as variables:
        command = [sys.executable, "-m", "bench.engines", engine]
        child = subprocess.Popen(command, env=os.environ | variables, stdout=subprocess.PIPE, text=True)
        try:
            said, _ = child.communicate()
        finally:
            # Asked to end, not killed: its town takes its folder along.
            child.terminate()
            child.wait()
    if child.returncode:
        raise RuntimeError(f"{engine} could not be measured")
    return json.loads(said.splitlines()[-1])


FIGURES = (
    "per_second", "worker_s_per_1000", "database_s_per_1000", "p50_ms", "p95_ms", "lost", "repeated", "out_of_order",
)  # fmt: skip


def absent(engine):
    """What hinders this engine from running here, "" when nothing does."""
    return "" if engine == "postgres" or program() else f"no {SERVER} here"


def program():
    beside = Path(sys.executable).with_name(SERVER)
    return str(beside) if beside.exists() else shutil.which(SERVER)


@contextmanager
def server(engine):
    """The variables of the hub; for NATS, a server that keeps its store in a folder which goes away with it."""
    if engine == "postgres":
        yield {"HUB_ENGINE": "postgres"}
        return
    folder, (port,) = Path(tempfile.mkdtemp(prefix="etoile-bench-nats-")), free()
    settings = folder / "nats.conf"
    settings.write_text(
        f'listen: "127.0.0.1:{port}"\njetstream {{ store_dir: "{folder / "store"}", sync_interval: always }}\n'
    )
    process = spawn([program(), "-c", str(settings)], output=subprocess.DEVNULL)
    try:
        wait_for(lambda: listening(port))
        yield {"HUB_ENGINE": "nats", "HUB_NATS_URL": f"nats://127.0.0.1:{port}"}
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def alone(engine):
    """In the engine's own process: the figures of one row."""
    paths = [f"/s{each}" for each in range(SUBSCRIPTIONS)]
    with Town() as town:
        snapshot = town.subscriptions(paths, concurrency=CONCURRENCY)
        drained = [hub(town, snapshot, paths, TOTAL // SUBSCRIPTIONS, 1) for _ in range(ROUNDS)]
        town.subscriptions(["/s0"], concurrency=CONCURRENCY)
        town.empty()
        town.web()
        town.worker()
        publisher = Publisher(town)
        publisher.pace([event(index) for index in range(50)], 10)
        wait_for(lambda: town.count() == 0)
        paced = steady(town, publisher, 1)
    return {
        "engine": engine,
        "per_second": middle(drained, "per_second"),
        "worker_s_per_1000": middle(drained, "worker", 3),
        "database_s_per_1000": middle(drained, "database", 3),
        "p50_ms": paced["p50_ms"],
        "p95_ms": paced["p95_ms"],
        **{kind: paced[kind] + sum(each[kind] for each in drained) for kind in ("lost", "repeated", "out_of_order")},
    }


def bars(rows):
    return [
        report.at_most(f"{kind.replace('_', ' ')}, {row['engine']}", row[kind], 0)
        for row in rows
        for kind in ("lost", "out_of_order")
    ]


if __name__ == "__main__":
    if sys.argv[1:]:
        report.end_when_asked()
        print(json.dumps(alone(sys.argv[1])))
        sys.exit()
    sys.exit(report.run("engines", measure, bars))
