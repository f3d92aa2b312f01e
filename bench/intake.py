"""Accepted events per second by POST /v1/events, with token, schema and routing: one by one, and in batches of 100.

    python -m bench.intake

Rounds of both are told in turn, so that a busy moment of the machine falls on both. The number of SQL statements is
counted inside the application, on the same database.
"""

import sys

from bench import report
from bench.arrivals import middle
from bench.client import Publisher
from bench.processor import Meter
from bench.star import event
from bench.town import Town
from etoile.contract.envelope import BATCH, STRUCTURED

SIZE = 100
ROUNDS = 5
SINGLES, BATCHES = 3000, 80


def measure():
    with Town() as town:
        town.subscriptions(["/s0"], concurrency=16)
        web = town.web()
        publisher = Publisher(town)
        publisher.flood(singles(300))
        counted = {
            "single": town.inside.statements(publisher.token, singles(1)[0], STRUCTURED),
            "batch": town.inside.statements(publisher.token, batches(1)[0], BATCH),
        }
        rounds = {"single": [], "batch": []}
        for _ in range(ROUNDS):
            town.empty()
            rounds["single"].append(one(town, web, publisher, singles(SINGLES), STRUCTURED, 1))
            rounds["batch"].append(one(town, web, publisher, batches(BATCHES), BATCH, SIZE))
    return [row(kind, found, counted[kind]) for kind, found in rounds.items()]


def one(town, web, publisher, bodies, media_type, events_each):
    number = len(bodies) * events_each
    with Meter(web.pid) as hub, Meter(town.database_pid) as database:
        seconds = publisher.flood(bodies, media_type)
    return {"per_second": number / seconds, "web": hub.per_1000(number), "database": database.per_1000(number)}


def row(kind, rounds, statements):
    return {
        "kind": kind,
        "per_second": middle(rounds, "per_second"),
        "worst_round": round(min(each["per_second"] for each in rounds)),
        "best_round": round(max(each["per_second"] for each in rounds)),
        "web_processor_s_per_1000": middle(rounds, "web", 3),
        "database_processor_s_per_1000": middle(rounds, "database", 3),
        "statements_per_request": statements,
    }


def singles(number):
    return [event(index).to_json() for index in range(number)]


def batches(number):
    return [b"[" + b",".join(singles(SIZE)) + b"]" for _ in range(number)]


def bars(rows):
    single, batch = rows
    return [
        report.at_most("SQL statements of one event", single["statements_per_request"], 6),
        report.at_least("accepted one by one", single["per_second"], 1000, "/s"),
        report.at_least(
            "in batches of 100, against one by one", round(batch["per_second"] / single["per_second"], 2), 5, "×"
        ),
    ]


if __name__ == "__main__":
    sys.exit(report.run("intake", measure, bars))
