"""What a claim costs when the list of deliveries is long: 1,000,000 against 10,000.

    python -m bench.growth

Three ways to be long: everything is due (lanes of 20); 500 heads and all the rest waiting behind them; 10,000 open
deliveries in a long history of acknowledged ones. Rows are made by SQL in the benchmark's own database. Claims and
settlements are the engine's own, committed, on a connection set as the worker's. Two bars per way: the plan of the
claim is the same, and its median time at most double. The console's search of a message is timed at both sizes too.
"""

import hashlib
import sys
import time
from dataclasses import dataclass, field

import psycopg

from bench import report
from bench.arrivals import percentile
from bench.plans import Explained, shape
from bench.seeding import KINDS, SUBSCRIPTIONS, seed, seed_messages, some_references
from bench.town import Town

SMALL, LARGE = 10_000, 1_000_000
CLAIMS, MOST = 40, 64
SEARCH = "console search"


def measure(small=SMALL, large=LARGE):
    found = {}
    with Town() as town:
        snapshot = town.subscriptions([f"/s{each}" for each in range(SUBSCRIPTIONS)], concurrency=16)
        ids = sorted(snapshot.subscriptions)
        # The small size before and after the large one: a busy moment must not make a ratio.
        for size in (small, large, small):
            seed_messages(town.owner, size)
            for kind in KINDS:
                seed(town.owner, kind, ids, size, open_ones=small)
                claims(town, ids, found.setdefault((kind, size), Timed()))
            searches(town, found.setdefault((SEARCH, size), Timed()))
    return [row(kind, size, found[kind, size]) for kind in (*KINDS, SEARCH) for size in (small, large)]


@dataclass
class Timed:
    """Milliseconds of each claim (or search) and settlement, and what the first of them did."""

    times: list = field(default_factory=list)
    settling: list = field(default_factory=list)
    plan: str | None = None
    pages: int | None = None
    sequential_scans: int | None = None


def row(kind, size, timed):
    return {
        "kind": kind,
        "rows": size,
        "median_ms": round(percentile(timed.times, 0.5), 2),
        "p95_ms": round(percentile(timed.times, 0.95), 2),
        "settle_median_ms": round(percentile(timed.settling, 0.5), 2) if timed.settling else None,
        "pages": timed.pages,
        "sequential_scans": timed.sequential_scans,
        "plan": timed.plan,
    }


def claims(town, ids, found):
    """Claim and acknowledge some dozens, as a worker does, each in its own transaction."""
    inside = town.inside
    shares = [inside.share(each, 16) for each in ids]
    with psycopg.connect(town.database, autocommit=True) as connection:
        connection.execute(inside.LOOK_UP)
        explain(connection, found, lambda cursor: inside.engine.claim(cursor, "bench", shares, most=MOST))
        for _ in range(CLAIMS):
            taken = timed(
                connection, found.times, lambda cursor: inside.engine.claim(cursor, "bench", shares, most=MOST)
            )
            if len(taken) < MOST // 2:
                raise RuntimeError(f"only {len(taken)} deliveries were claimed: the backlog is not what it should be")
            results = [inside.acknowledged(each) for each in taken]
            timed(connection, found.settling, lambda cursor, given=results: inside.engine.settle(cursor, given))


def explain(connection, found, work):
    with connection.transaction(force_rollback=True), connection.cursor() as cursor:
        explained = Explained(cursor)
        work(explained)
    shapes = repr([shape(plan) for plan in explained.plans])
    found.plan = hashlib.sha256(shapes.encode()).hexdigest()[:8]
    found.pages, found.sequential_scans = explained.pages(), explained.sequential_scans()


def searches(town, found):
    """The console's search by reference of a case: the statements it says for one page of messages."""
    for reference in some_references(town.owner, CLAIMS):
        started = time.perf_counter()
        page = town.inside.queries.messages(words=reference)
        found.times.append((time.perf_counter() - started) * 1000)
        if not page.rows:
            raise RuntimeError("the search did not find a message that is there")


def timed(connection, times, work):
    started = time.perf_counter()
    with connection.transaction(), connection.cursor() as cursor:
        done = work(cursor)
    times.append((time.perf_counter() - started) * 1000)
    return done


def bars(rows):
    found = []
    for kind in dict.fromkeys(row["kind"] for row in rows):
        small, large = (row for row in rows if row["kind"] == kind)
        sizes = f"{large['rows']:,} against {small['rows']:,}"
        ratio = round(large["median_ms"] / small["median_ms"], 2)
        found.append(report.at_most(f"{kind}: median time, {sizes}", ratio, 2, "×"))
        if kind != SEARCH:
            same = int(large["plan"] == small["plan"])
            found.append(report.at_least(f"{kind}: same plan, {sizes}", same, 1))
    return found


if __name__ == "__main__":
    sys.exit(report.run("growth", measure, bars))
