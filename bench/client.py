"""Publishing as any application does: a token, then POST /v1/events over connections kept open."""

import asyncio
import base64
import json
import os
import time
import urllib.request

import uvloop

from etoile.contract.envelope import STRUCTURED


class Publisher:
    """The source of the star, at the web process of a town."""

    def __init__(self, town):
        self.port = town.web_port
        secret = (town.folder / "data" / "secrets" / "gru_hub_client_secret").read_text().strip()
        credentials = base64.b64encode(f"gru:{os.environ.get('GRU_HUB_CLIENT_SECRET', secret)}".encode()).decode()
        asked = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/oauth/token",
            data=b"grant_type=client_credentials&scope=events:write",
            headers={"Authorization": f"Basic {credentials}", "Content-Type": "application/x-www-form-urlencoded"},
        )
        with urllib.request.urlopen(asked, timeout=10) as answer:
            self.token = json.loads(answer.read())["access_token"]

    def request(self, body, media_type=STRUCTURED):
        head = (
            f"POST /v1/events HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAuthorization: Bearer {self.token}\r\n"
            f"Content-Type: {media_type}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def flood(self, bodies, media_type=STRUCTURED, connections=16):
        """Seconds to have all the bodies accepted, over connections that ask again once they are answered."""
        requests = [self.request(body, media_type) for body in bodies]
        started = time.monotonic()
        statuses = uvloop.run(self._flood(requests, connections))
        elapsed = time.monotonic() - started
        if set(statuses) != {202}:
            raise RuntimeError(f"not everything was accepted: {sorted(set(statuses))}")
        return elapsed

    def pace(self, events, rate):
        """Publish at a steady rate, one at a time. Returns when each was asked and when answered, in nanoseconds."""
        return uvloop.run(self._pace(events, 1 / rate))

    async def _flood(self, requests, connections):
        left, statuses = list(reversed(requests)), []

        async def one():
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            while left:
                statuses.append(await exchange(reader, writer, left.pop()))
            writer.close()

        await asyncio.gather(*(one() for _ in range(connections)))
        return statuses

    async def _pace(self, events, interval):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        accepted, started = {}, time.monotonic()
        for index, event in enumerate(events):
            await asyncio.sleep(max(0.0, started + index * interval - time.monotonic()))
            asked = time.monotonic_ns()
            status = await exchange(reader, writer, self.request(event.to_json()))
            accepted[event.id] = (asked, time.monotonic_ns())
            if status != 202:
                raise RuntimeError(f"an event was not accepted: {status}")
        writer.close()
        return accepted


async def exchange(reader, writer, raw):
    writer.write(raw)
    head = await reader.readuntil(b"\r\n\r\n")
    lowered = head.lower()
    start = lowered.find(b"content-length:")
    if start >= 0:
        await reader.readexactly(int(lowered[start + 15 : lowered.find(b"\r\n", start)]))
    return int(head.split(b" ", 2)[1])
