"""Deliveries per second: the real worker with the webhook connector, against a bare claim loop on the same sink.

    python -m bench.deliveries

1, 10 and 100 subscriptions in order per subject, events of 1 kB, with attempts, journal and signature; and two workers.
The bare loop and the hub are run in turn, so that a busy moment of the machine falls on both: the ratio is the median.
"""

import sys

import psycopg

from bench import report
from bench.arrivals import middle, per_second, verdict
from bench.processor import Meter
from bench.star import event
from bench.town import Town, wait_for

# Subscriptions, calls at once for each, workers.
SCENARIOS = ((1, 100, 1), (10, 16, 1), (100, 8, 1), (10, 16, 2))
ROUNDS = 3
TOTAL = 6_000
BARE = """
CREATE TABLE IF NOT EXISTS bench_bare (id bigserial PRIMARY KEY, body text NOT NULL, due timestamptz DEFAULT now());
CREATE INDEX IF NOT EXISTS bench_bare_due ON bench_bare (due) WHERE due IS NOT NULL;
TRUNCATE bench_bare;
"""


def measure():
    with Town() as town:
        return [scenario(town, *each) for each in SCENARIOS]


def scenario(town, subscriptions, concurrency, workers, *, rounds=ROUNDS, total=TOTAL):
    """One row of the table: the medians of its rounds, the sums of what must not be."""
    paths = [f"/s{each}" for each in range(subscriptions)]
    snapshot = town.subscriptions(paths, concurrency=concurrency)
    floors, hubs = [], []
    for _ in range(rounds):
        floors.append(bare(town, total))
        hubs.append(hub(town, snapshot, paths, total // subscriptions, workers))
    for floor, found in zip(floors, hubs, strict=True):
        found["ratio"] = found["per_second"] / floor["per_second"]
    return {
        "subscriptions": subscriptions,
        "workers": workers,
        "deliveries": rounds * (total // subscriptions) * subscriptions,
        "per_second": middle(hubs, "per_second"),
        "bare_per_second": middle(floors, "per_second"),
        "ratio": middle(hubs, "ratio", 3),
        "worker_s_per_1000": middle(hubs, "worker", 3),
        "database_s_per_1000": middle(hubs, "database", 3),
        "bare_s_per_1000": middle(floors, "loop", 3),
        **{kind: sum(each[kind] for each in hubs) for kind in ("lost", "repeated", "foreign", "out_of_order")},
    }


def hub(town, snapshot, paths, number, workers):
    """Events accepted beforehand, drained by the worker."""
    town.empty()
    events = town.inside.accept(town, snapshot, number)
    expected = number * len(paths)
    started = []
    with Meter(town.database_pid) as database:
        started += [town.worker() for _ in range(workers)]
        with Meter(*(each.pid for each in started)) as spent:
            wait_for(lambda: town.count() == 0, seconds=180, pause=0.2)
        for worker in started:
            town.stop(worker)
    arrivals = town.arrivals()
    return {
        "per_second": per_second(arrivals),
        "worker": spent.per_1000(expected),
        "database": database.per_1000(expected),
        **verdict(arrivals, events, paths),
    }


def bare(town, total):
    body = event(0).to_json().decode()
    with psycopg.connect(town.owner, autocommit=True) as connection:
        connection.execute(BARE)
        connection.execute("INSERT INTO bench_bare (body) SELECT %s FROM generate_series(1, %s)", [body, total])
        connection.execute("VACUUM ANALYZE bench_bare")
    town.arrivals()
    loop = town.start([sys.executable, "-m", "bench.bare", town.owner, f"http://127.0.0.1:{town.sink_port}/bare"])
    with Meter(loop.pid) as spent, psycopg.connect(town.owner, autocommit=True) as connection:
        left = "SELECT count(*) FROM bench_bare WHERE due IS NOT NULL"
        wait_for(lambda: connection.execute(left).fetchone()[0] == 0, pause=0.2)
    wait_for(lambda: loop.poll() is not None)
    town.processes.remove(loop)
    return {"per_second": per_second(town.arrivals()), "loop": spent.per_1000(total)}


def bars(rows):
    ordinary = [row for row in rows if row["workers"] == 1]
    return [
        *(report.at_least(f"ratio to a bare loop, {named(row)}", row["ratio"], 0.6) for row in ordinary),
        *(report.at_least(f"deliveries, {named(row)}", row["per_second"], 2000, "/s") for row in ordinary),
        *(report.at_most(f"lost, {named(row)}", row["lost"], 0) for row in rows),
        *(report.at_most(f"out of order, {named(row)}", row["out_of_order"], 0) for row in rows),
    ]


def named(row):
    return f"{row['subscriptions']} subscriptions, {row['workers']} worker{'s' * (row['workers'] > 1)}"


if __name__ == "__main__":
    sys.exit(report.run("deliveries", measure, bars))
