"""A simulated application that receives by webhook, on a real socket, and misbehaves as it is told.

    with Receiver() as receiver:
        receiver.fault = Fault.BROKEN                      # the same for every request
        receiver.fault = lambda arrival: ...               # or decided for each

It remembers every request in the order of arrival, and what it has `written`: once per idempotency key, as
docs/guarantees.md asks of a receiver. It can be `down`, then `up` again on the same port.
"""

import asyncio
import hashlib
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from etoile.contract.envelope import Event

# Longer than a worker waits between two looks at what is due: ignoring it would be seen.
RETRY_AFTER = 2
LONGER_THAN_THE_DOOR_READS = 2**20 + 1


class Fault(StrEnum):
    """What it does with a request. `WRITES` says after which ones the message is in its books all the same."""

    NONE = "none"
    SLOW = "slow"  # writes, then says nothing until the caller gives up
    HELD = "held"  # writes nothing and says nothing until `release`
    RESET = "reset"
    CUT = "cut"  # writes, then cuts: the answer is lost
    HTML = "html"
    BUSY = "busy"  # 429 with Retry-After
    BROKEN = "broken"
    TRUNCATED = "truncated"  # writes, then an answer that ends before its end
    HUGE = "huge"
    WRONG_TYPE = "wrong_type"


WRITES = frozenset({Fault.NONE, Fault.SLOW, Fault.CUT, Fault.TRUNCATED})
# What a program may meet in one day at a bad application; HELD is for tests that hold the clock.
BAD_DAY = tuple(fault for fault in Fault if fault not in {Fault.NONE, Fault.HELD})


@dataclass(frozen=True, slots=True)
class Arrival:
    """One request. `key`: its idempotency key; `content`: digest of the body; `at`, `answered`: monotonic seconds."""

    path: str
    key: str
    id: str
    subject: str
    sequence: int | None
    content: str
    at: float


def answer(status: str, body: bytes = b"", media_type: str = "application/json", *more: str, length: int = -1) -> bytes:
    head = [f"HTTP/1.1 {status}", f"Content-Type: {media_type}", f"Content-Length: {max(length, len(body))}", *more]
    return "\r\n".join([*head, "", ""]).encode() + body


ANSWERS = {
    Fault.NONE: answer("200 OK", b"{}"),
    Fault.HTML: answer("200 OK", b"<!doctype html><title>Pare-feu</title><p>Acc\xc3\xa8s filtr\xc3\xa9.", "text/html"),
    Fault.BUSY: answer("429 Too Many Requests", b"", "text/plain", f"Retry-After: {RETRY_AFTER}"),
    Fault.BROKEN: answer("500 Internal Server Error", b"oops", "text/plain"),
    Fault.TRUNCATED: answer("200 OK", b'{"external_id": "2', length=400),
    Fault.HUGE: answer("200 OK", b'"' + b"x" * LONGER_THAN_THE_DOOR_READS + b'"'),
    Fault.WRONG_TYPE: answer("200 OK", b"\x89PNG\r\n\x1a\n", "image/png"),
}
CUTS = frozenset({Fault.RESET, Fault.CUT})
CLOSES = frozenset({Fault.TRUNCATED, Fault.HUGE})


class Receiver:
    """A small HTTP server in a thread of the test."""

    def __init__(self) -> None:
        self.fault: Fault | Callable[[Arrival], Fault] = Fault.NONE
        self.arrivals: list[Arrival] = []
        self.written: dict[tuple[str, str], Arrival] = {}
        self.faults: list[tuple[Arrival, Fault, float]] = []
        self._by_subject: Counter[str] = Counter()
        self.port = 0
        self._released = Fault.NONE
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="receiver", daemon=True)
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._gate: list[asyncio.Event] = []

    def __enter__(self) -> "Receiver":
        self._thread.start()
        self.up()
        return self

    def __exit__(self, *exception: object) -> None:
        self.down()
        self._run(self._end_tasks())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def up(self) -> None:
        """Listen, on the port of the last time."""
        if self._server is None:
            self._run(self._listen())

    def down(self) -> None:
        """Nobody listens, and every connection is cut."""
        if self._server is not None:
            self._run(self._close())

    def release(self, fault: Fault) -> None:
        """Go on with every request that is HELD now, as if `fault` had been asked of it."""
        self._released = fault
        self._run(self._open_gate())

    def behave(self) -> None:
        """Up, and without a fault: what a test leaves behind."""
        self.fault = Fault.NONE
        self.release(Fault.BROKEN)
        self.up()

    def count(self, subjects: Collection[str]) -> int:
        """How many requests came for these cases."""
        return sum(self._by_subject[each] for each in subjects)

    def pauses_after_busy(self, subjects: Collection[str]) -> list[float]:
        """Seconds from each 429 to the next request for the same message."""
        came: dict[str, list[tuple[float, Fault, float]]] = defaultdict(list)
        for arrival, fault, answered in list(self.faults):
            if arrival.subject in subjects:
                came[arrival.key].append((arrival.at, fault, answered))
        pairs = [pair for times in came.values() for pair in pairwise(times)]
        return [after[0] - before[2] for before, after in pairs if before[1] is Fault.BUSY]

    def _run(self, work) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._converse, "127.0.0.1", self.port, limit=2**22)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        server, self._server = self._server, None
        server.close()
        for writer in list(self._writers):
            writer.transport.abort()

    async def _open_gate(self) -> None:
        gates, self._gate = self._gate, []
        for gate in gates:
            gate.set()

    async def _end_tasks(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while await self._answer(await self._hear(reader), writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._writers.discard(writer)
            writer.transport.abort()

    async def _hear(self, reader: asyncio.StreamReader) -> Arrival:
        request, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        body = await reader.readexactly(int(headers["content-length"]))
        event = Event.from_json(body)
        arrival = Arrival(
            path=request.split(" ")[1],
            key=headers["webhook-id"],
            id=event.id,
            subject=event.subject,
            sequence=event.sequence,
            content=hashlib.sha256(body).hexdigest(),
            at=time.monotonic(),
        )
        self.arrivals.append(arrival)
        self._by_subject[arrival.subject] += 1
        return arrival

    async def _answer(self, arrival: Arrival, writer: asyncio.StreamWriter) -> bool:
        """False when the connection is not to be used again."""
        fault = self.fault(arrival) if callable(self.fault) else self.fault
        if fault is Fault.HELD:
            gate = asyncio.Event()
            self._gate.append(gate)
            await gate.wait()
            fault = self._released
        if fault in WRITES:
            self.written.setdefault((arrival.path, arrival.key), arrival)
        self.faults.append((arrival, fault, time.monotonic()))
        if fault is Fault.SLOW:
            await asyncio.sleep(30)
        if fault in CUTS or fault is Fault.SLOW:
            return False
        writer.write(ANSWERS[fault])
        await writer.drain()
        return fault not in CLOSES
