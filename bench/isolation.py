"""One dead application and one slow among ten: what the eight others lose.

    python -m bench.isolation

The measure is severe: the eight are compared with themselves *alone*, as if the two had never been plugged in, rather
than with a hub that also serves two healthy ones. Dead: the connection is cut at each call.
Slow: a second for an answer. The two ways are run in turn and compared round by round; and what the eight cost is told
in processor seconds too: on a machine that does other things, the rate of one and the same run goes from one to two.
"""

import statistics
import sys

from bench import report
from bench.arrivals import middle, per_second, verdict
from bench.processor import Meter
from bench.town import OPEN, Town, wait_for

OTHERS = [f"/s{each}" for each in range(8)]
TROUBLED = ["/dead/s8", "/slow/s9"]
CONCURRENCY = 16
EVENTS, ROUNDS = 1000, 5


def measure():
    with Town() as town:
        rounds = {"alone": [], "in trouble": []}
        for _ in range(ROUNDS):
            rounds["alone"].append(drain(town, OTHERS))
            rounds["in trouble"].append(drain(town, OTHERS + TROUBLED))
    return [row(name, found, rounds["alone"]) for name, found in rounds.items()]


def drain(town, paths):
    """The rate of the eight, until the last of theirs is settled; the worker is then stopped, whatever the two have."""
    snapshot = town.subscriptions(paths, concurrency=CONCURRENCY)
    town.empty()
    events = town.inside.accept(town, snapshot, EVENTS)
    healthy = sorted(
        each.id for each in snapshot.subscriptions.values() if each.configuration["url"].endswith(tuple(OTHERS))
    )
    left = f"{OPEN} AND subscription_id = ANY(ARRAY{healthy})"
    with Meter(town.database_pid) as database:
        worker = town.worker()
        with Meter(worker.pid) as spent:
            wait_for(lambda: town.count(left) == 0, seconds=180, pause=0.2)
        town.stop(worker)
    arrivals = town.arrivals()
    others = [arrival for arrival in arrivals if arrival.path in OTHERS]
    kept = town.count("SELECT count(*) FROM delivery_delivery")
    return {
        "per_second": per_second(others),
        "worker": spent.per_1000(len(others)),
        "database": database.per_1000(len(others)),
        "to_the_slow": len(arrivals) - len(others),
        "missing": EVENTS * len(paths) - kept,
        **verdict(others, events, OTHERS),
    }


def row(name, rounds, alone):
    kept = statistics.median(one["per_second"] / each["per_second"] for one, each in zip(rounds, alone, strict=True))
    return {
        "run": name,
        "the_eight_per_second": middle(rounds, "per_second"),
        "rate_kept": round(kept, 3),
        "worker_s_per_1000": middle(rounds, "worker", 3),
        "database_s_per_1000": middle(rounds, "database", 3),
        "delivered_to_the_slow": middle(rounds, "to_the_slow"),
        "deliveries_missing": sum(each["missing"] for each in rounds),
        **{kind: sum(each[kind] for each in rounds) for kind in ("lost", "repeated", "out_of_order")},
    }


def bars(rows):
    alone, troubled = rows
    cost = {each["run"]: each["worker_s_per_1000"] + each["database_s_per_1000"] for each in rows}
    return [
        report.at_least("rate the eight keep", troubled["rate_kept"], 0.9),
        report.at_most(
            "processor of the eight, times alone", round(cost[troubled["run"]] / cost[alone["run"]], 3), 1.11
        ),
        report.at_most("lost by the eight", sum(each["lost"] for each in rows), 0),
        report.at_most("out of order", sum(each["out_of_order"] for each in rows), 0),
        report.at_most("deliveries not kept for the two", sum(each["deliveries_missing"] for each in rows), 0),
    ]


if __name__ == "__main__":
    sys.exit(report.run("isolation", measure, bars))
