"""Accepting: events per second by the API, and how long from the 202 to the receiver."""

import asyncio
import base64
import json
import os
import statistics
import time
import urllib.request

from bench.deliveries import event
from bench.town import wait_for
from etoile.contract.envelope import BATCH, STRUCTURED

CONNECTIONS = 16


def token(town):
    """A token of the source, asked for as any application does."""
    secret = (town.folder / "data" / "secrets" / "gru_hub_client_secret").read_text().strip()
    credentials = base64.b64encode(f"gru:{os.environ.get('GRU_HUB_CLIENT_SECRET', secret)}".encode()).decode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{town.web_port}/oauth/token",
        data=b"grant_type=client_credentials&scope=events:write",
        headers={"Authorization": f"Basic {credentials}", "Content-Type": "application/x-www-form-urlencoded"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read())["access_token"]


def per_second(town, bearer, bodies, media_type, events_each):
    """Accepted events per second, over a few connections that each ask again as soon as they are answered."""
    requests = [request(town, bearer, body, media_type) for body in bodies]
    started = time.monotonic()
    statuses = asyncio.run(drive(town.web_port, requests))
    elapsed = time.monotonic() - started
    if set(statuses) != {202}:
        raise RuntimeError(f"not every event was accepted: {sorted(set(statuses))}")
    return len(bodies) * events_each / elapsed


def singles(number):
    return [event(index).to_json() for index in range(number)]


def batches(number, size=100):
    return [b"[" + b",".join(singles(size)) + b"]" for _ in range(number)]


def latency(town, bearer, *, rate=50, seconds=15):
    """Milliseconds from the 202 to the receiver, at a steady rate; 0 when the receiver was faster than the answer."""
    events = [event(index) for index in range(rate * seconds)]
    town.arrivals()
    accepted = asyncio.run(pace(town, bearer, events, 1 / rate))
    heard = {}

    def all_heard():
        heard.update({identifier: moment for _, identifier, moment in town.arrivals()})
        return len(heard) >= len(events)

    wait_for(all_heard, pause=0.5)
    from_answer = sorted(max(0.0, (heard[each.id] - accepted[each.id][1]) / 1e6) for each in events)
    from_request = sorted((heard[each.id] - accepted[each.id][0]) / 1e6 for each in events)
    return {
        "events": len(events),
        "p50_ms": round(statistics.median(from_answer), 2),
        "p95_ms": round(from_answer[int(len(events) * 0.95)], 2),
        "from_request_p50_ms": round(statistics.median(from_request), 2),
        "from_request_p95_ms": round(from_request[int(len(events) * 0.95)], 2),
    }


async def pace(town, bearer, events, interval):
    reader, writer = await asyncio.open_connection("127.0.0.1", town.web_port)
    accepted, started = {}, time.monotonic()
    for index, each in enumerate(events):
        await asyncio.sleep(max(0.0, started + index * interval - time.monotonic()))
        asked = time.monotonic_ns()
        status = await exchange(reader, writer, request(town, bearer, each.to_json(), STRUCTURED))
        accepted[each.id] = (asked, time.monotonic_ns())
        if status != 202:
            raise RuntimeError(f"an event was not accepted: {status}")
    writer.close()
    return accepted


async def drive(port, requests):
    left, statuses = list(reversed(requests)), []

    async def one():
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while left:
            statuses.append(await exchange(reader, writer, left.pop()))
        writer.close()

    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))
    return statuses


async def exchange(reader, writer, raw):
    writer.write(raw)
    head = await reader.readuntil(b"\r\n\r\n")
    lowered = head.lower()
    start = lowered.find(b"content-length:")
    if start >= 0:
        await reader.readexactly(int(lowered[start + 15 : lowered.find(b"\r\n", start)]))
    return int(head.split(b" ", 2)[1])


def request(town, bearer, body, media_type):
    head = (
        f"POST /v1/events HTTP/1.1\r\nHost: 127.0.0.1:{town.web_port}\r\nAuthorization: Bearer {bearer}\r\n"
        f"Content-Type: {media_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def measure(town):
    """Rows of the table: single events, batches of 100, and the latency with the real web process and worker."""
    town.empty()
    town.subscriptions(1, concurrency=16)
    web = town.web()
    bearer = token(town)
    per_second(town, bearer, singles(200), STRUCTURED, 1)
    single = per_second(town, bearer, singles(3000), STRUCTURED, 1)
    batch = per_second(town, bearer, batches(60), BATCH, 100)
    town.empty()
    worker = town.worker()
    asyncio.run(pace(town, bearer, [event(index) for index in range(50)], 0.1))
    wait_for(lambda: len(town.arrivals()) >= 50 or town.count(OPEN) == 0)
    measured = latency(town, bearer)
    town.stop(worker)
    town.stop(web)
    return {"single_per_second": round(single), "batch_per_second": round(batch), "latency": measured}


OPEN = "SELECT count(*) FROM delivery_delivery WHERE state <> 'acknowledged'"
