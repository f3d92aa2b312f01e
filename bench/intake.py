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
        counted = statements(publisher.token)
        publisher.flood(singles(300))
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


def statements(token):
    """SQL statements of one accepted request, transaction control not counted."""
    # Django is set up by the town.
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    def count(body, media_type):
        with CaptureQueriesContext(connection) as captured:
            headers = {"Authorization": f"Bearer {token}", "Host": "127.0.0.1"}
            answer = Client().post("/v1/events", body, content_type=media_type, headers=headers)
        if answer.status_code != 202:
            raise RuntimeError(f"not accepted: {answer.status_code}")
        return len([each for each in captured if not each["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT"))])

    count(singles(1)[0], STRUCTURED)
    return {"single": count(singles(1)[0], STRUCTURED), "batch": count(batches(1)[0], BATCH)}


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
