"""The hub measured: deliveries/s against a bare claim loop, latency from 202 to the receiver, accepted events/s.

    python -m bench.hub            # prints a table, writes bench/results/hub.json

It starts a PostgreSQL of its own (fsync on) and everything else, and stops it. Under three minutes on a quiet machine.
"""

import json
import os
import platform
import sys
import time
from pathlib import Path

from bench import acceptance, deliveries
from bench.town import Town

RESULT = Path(__file__).parent / "results" / "hub.json"
SCENARIOS = ((1, 100), (10, 16), (100, 8))
TOTAL = 10_000


def main():
    started = time.monotonic()
    with Town() as town:
        rows = [deliveries.measure(town, number, TOTAL, concurrency=concurrency) for number, concurrency in SCENARIOS]
        several = deliveries.measure(town, 10, TOTAL, concurrency=16, workers=2)
        accepted = acceptance.measure(town)
    result = {
        "name": "hub",
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, "
        f"load {os.getloadavg()[0]:.1f} at the end",
        "seconds": round(time.monotonic() - started),
        "rows": [*rows, several, accepted],
        "bars": bars(rows, accepted),
    }
    show(result)
    RESULT.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n")
    return 0


def bars(rows, accepted):
    latency = accepted["latency"]
    return [
        *(bar(f"ratio to a bare loop, {row['subscriptions']} subscriptions", row["ratio"], "", 0.6) for row in rows),
        *(bar(f"deliveries, {row['subscriptions']} subscriptions", row["hub_per_second"], "/s", 2000) for row in rows),
        *(
            bar(f"{kind.replace('_', ' ')}, {row['subscriptions']} subscriptions", row[kind], "", 0, "max")
            for row in rows
            for kind in ("lost", "out_of_order")
        ),
        bar("202 to the receiver at 50/s, p50", latency["p50_ms"], "ms", 10, "max"),
        bar("202 to the receiver at 50/s, p95", latency["p95_ms"], "ms", 50, "max"),
        bar("accepted, single", accepted["single_per_second"], "/s", 1000),
        bar(
            "batch of 100 against single",
            round(accepted["batch_per_second"] / accepted["single_per_second"], 2),
            "×",
            5,
        ),
    ]


def bar(name, value, unit, limit, sense="min"):
    ok = value >= limit if sense == "min" else value <= limit
    return {"name": name, "value": value, "unit": unit, "bar": limit, "sense": sense, "ok": ok}


def show(result):
    print(f"hub · {result['machine']} · {result['seconds']} s")
    for row in result["rows"][:-1]:
        speeds = f"{row['hub_per_second']:>5}/s, bare loop {row['bare_per_second']:>5}/s"
        spent = f"{row['hub_processor_s_per_1000']} against {row['bare_processor_s_per_1000']}"
        print(
            f"  {row['subscriptions']:>3} subscriptions, {row['workers']} worker: {speeds}; processor s/1,000: {spent}"
        )
    for each in result["bars"]:
        sign = "≥" if each["sense"] == "min" else "≤"
        verdict = "ok" if each["ok"] else "NOT MET"
        print(f"  {each['name']:45} {each['value']:>10} {each['unit']:3} {sign} {each['bar']:<6} {verdict}")


if __name__ == "__main__":
    sys.exit(main())
