"""Deliveries per second: the real worker with the webhook connector, against a bare claim loop on the same sink."""

import resource
import sys
import time
from collections import defaultdict

import psycopg

from bench.town import SUBMITTED, TOWN, wait_for
from etoile.contract import schemas
from etoile.contract.envelope import make
from etoile.contract.identifiers import uuid7
from etoile.hub.routing.services import accept_many

SUBJECTS = 500
BATCH = 200
BARE = """
CREATE TABLE IF NOT EXISTS bench_bare (id bigserial PRIMARY KEY, body text NOT NULL, due timestamptz DEFAULT now());
CREATE INDEX IF NOT EXISTS bench_bare_due ON bench_bare (due) WHERE due IS NOT NULL;
TRUNCATE bench_bare;
"""


def measure(town, subscriptions, total, *, concurrency, workers=1):
    """One scenario: the bare loop, then the hub, `total` deliveries each. Returns the row of the table."""
    spent = processor_seconds()
    floor = bare(town, total)
    bare_processor = processor_seconds() - spent
    town.empty("bench_bare")
    events = fill(town, town.subscriptions(subscriptions, concurrency=concurrency), total // subscriptions)
    town.arrivals()
    expected = len(events) * subscriptions
    spent = processor_seconds()
    started = [town.worker() for _ in range(workers)]
    open_deliveries = "SELECT count(*) FROM delivery_delivery WHERE state <> 'acknowledged'"
    wait_for(lambda: town.count(open_deliveries) == 0, pause=0.3)
    for worker in started:
        town.stop(worker)
    hub_processor = processor_seconds() - spent
    arrivals = town.arrivals()
    rate = per_second(arrivals)
    return {
        "subscriptions": subscriptions,
        "workers": workers,
        "deliveries": expected,
        "hub_per_second": round(rate),
        "bare_per_second": round(floor),
        "ratio": round(rate / floor, 3),
        "hub_processor_s_per_1000": round(hub_processor / expected * 1000, 3),
        "bare_processor_s_per_1000": round(bare_processor / total * 1000, 3),
        "lost": expected - len({(path, identifier) for path, identifier, _ in arrivals}),
        "repeated": len(arrivals) - len({(path, identifier) for path, identifier, _ in arrivals}),
        "out_of_order": out_of_order(arrivals, events),
    }


def processor_seconds():
    """Of the children that ended: the workers and the bare loops, their start included; not of the database."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def fill(town, snapshot, number):
    """Accept `number` events of about 1 kB over 500 subjects, through the only acceptance there is."""
    events = [event(index) for index in range(number)]
    gru = snapshot.application("gru")
    with psycopg.connect(town.database, autocommit=True) as connection, connection.cursor() as cursor:
        for start in range(0, number, BATCH):
            with connection.transaction():
                accept_many(cursor, events[start : start + BATCH], application=gru, snapshot=snapshot)
    with psycopg.connect(town.owner, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    return events


def event(index):
    data = schemas.example(SUBMITTED).data | {"documents": []}
    return make(
        SUBMITTED,
        source="gru",
        subject=f"case/{index % SUBJECTS:08x}-0000-7000-8000-000000000000",
        authority=TOWN,
        sequence=index,
        data=data,
        id=str(uuid7()),
    )


def bare(town, total):
    body = event(0).to_json().decode()
    with psycopg.connect(town.owner, autocommit=True) as connection:
        connection.execute(BARE)
        connection.execute("INSERT INTO bench_bare (body) SELECT %s FROM generate_series(1, %s)", [body, total])
        connection.execute("VACUUM ANALYZE bench_bare")
    town.arrivals()
    loop = town.start([sys.executable, "-m", "bench.bare", town.owner, f"http://127.0.0.1:{town.sink_port}/bare"])
    wait_for(lambda: loop.poll() is not None)
    town.processes.remove(loop)
    return per_second(town.arrivals())


def per_second(arrivals):
    moments = [moment for _, _, moment in arrivals]
    return (len(moments) - 1) / ((max(moments) - min(moments)) / 1e9)


def out_of_order(arrivals, events):
    """First arrivals that came after a later one of their lane (path, subject)."""
    place = {each.id: (each.subject, each.sequence) for each in events}
    furthest, wrong, seen = defaultdict(lambda: -1), 0, set()
    for path, identifier, _ in sorted(arrivals, key=lambda arrival: arrival[2]):
        if (path, identifier) in seen:
            continue
        seen.add((path, identifier))
        subject, sequence = place[identifier]
        wrong += sequence < furthest[path, subject]
        furthest[path, subject] = max(furthest[path, subject], sequence)
    return wrong


if __name__ == "__main__":
    from bench.town import Town

    started = time.monotonic()
    with Town() as town:
        for number, concurrency in ((1, 100), (10, 16), (100, 8)):
            print(measure(town, number, int(sys.argv[1]) if len(sys.argv) > 1 else 12000, concurrency=concurrency))
    print(round(time.monotonic() - started), "s")
