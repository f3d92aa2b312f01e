"""From the 202 to the receiver: milliseconds at a steady rate, with the real web process and worker.

python -m bench.latency
"""

import sys

from bench import report
from bench.arrivals import percentile, verdict
from bench.client import Publisher
from bench.star import event
from bench.town import Town, wait_for

RATE, SECONDS, ROUNDS = 50, 15, 3


def measure():
    with Town() as town:
        town.subscriptions(["/s0"], concurrency=16)
        town.web()
        town.worker()
        publisher = Publisher(town)
        # The first events open connections and fill caches, as they did long ago in a hub that runs.
        publisher.pace([event(index) for index in range(RATE)], 10)
        wait_for(lambda: town.count() == 0)
        return [steady(town, publisher, number) for number in range(1, ROUNDS + 1)]


def steady(town, publisher, number):
    town.empty()
    events = [event(index) for index in range(RATE * SECONDS)]
    accepted = publisher.pace(events, RATE)
    wait_for(lambda: town.count() == 0)
    arrivals = town.arrivals()
    return {"round": number, "events": len(events), **waits(arrivals, accepted), **verdict(arrivals, events, ["/s0"])}


def waits(arrivals, accepted):
    """`accepted`: when each event was asked for and answered (nanoseconds). Faster than the answer is 0."""
    heard = {}
    for arrival in arrivals:
        heard.setdefault(arrival.identifier, arrival.moment)
    both = [(heard[identifier], *moments) for identifier, moments in accepted.items() if identifier in heard]
    answers = [max(0.0, (moment - answered) / 1e6) for moment, _, answered in both]
    requests = [(moment - asked) / 1e6 for moment, asked, _ in both]
    return {
        "p50_ms": round(percentile(answers, 0.5), 2),
        "p95_ms": round(percentile(answers, 0.95), 2),
        "p99_ms": round(percentile(answers, 0.99), 2),
        "from_request_p50_ms": round(percentile(requests, 0.5), 2),
        "from_request_p95_ms": round(percentile(requests, 0.95), 2),
    }


def bars(rows):
    """The worst of the rounds counts."""
    worst = {name: max(row[name] for row in rows) for name in ("p50_ms", "p95_ms", "lost", "out_of_order")}
    return [
        report.at_most(f"202 to the receiver at {RATE}/s, p50, worst round", worst["p50_ms"], 10, "ms"),
        report.at_most(f"202 to the receiver at {RATE}/s, p95, worst round", worst["p95_ms"], 50, "ms"),
        report.at_most("lost", worst["lost"], 0),
        report.at_most("out of order", worst["out_of_order"], 0),
    ]


if __name__ == "__main__":
    sys.exit(report.run("latency", measure, bars))
