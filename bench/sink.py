"""A receiver that costs almost nothing: it answers 204 at once and notes what came and when.

    python -m bench.sink PORT

A path under /slow/ is answered after a second; one under /dead/ never, and the connection is cut. GET /_arrivals gives
one line per answered request, `path identifier nanoseconds` (monotonic clock of the machine), and forgets.
"""

import asyncio
import sys
import time

import uvloop

ANSWER = b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n"
SLOW = 1.0


class Sink(asyncio.Protocol):
    arrivals: list[tuple[bytes, bytes, int]] = []

    def connection_made(self, transport):
        self.transport, self.buffer = transport, b""

    def data_received(self, data):
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[:end]
            total = end + 4 + int(value(head, b"content-length") or 0)
            if len(self.buffer) < total:
                return
            self.buffer = self.buffer[total:]
            self.answer(head)

    def answer(self, head):
        path = head.split(b" ", 2)[1]
        if path == b"/_arrivals":
            lines = b"".join(b"%s %s %d\n" % arrival for arrival in Sink.arrivals)
            Sink.arrivals.clear()
            self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(lines), lines))
        elif path.startswith(b"/dead/"):
            self.transport.close()
        elif path.startswith(b"/slow/"):
            asyncio.get_running_loop().call_later(SLOW, self.acknowledge, path, head)
        else:
            self.acknowledge(path, head)

    def acknowledge(self, path, head):
        Sink.arrivals.append((path, value(head, b"webhook-id"), time.monotonic_ns()))
        self.transport.write(ANSWER)


def value(head, name):
    lowered = head.lower()
    start = lowered.find(b"\r\n" + name + b":")
    if start < 0:
        return b""
    start += len(name) + 3
    end = head.find(b"\r\n", start)
    return head[start : end if end >= 0 else len(head)].strip()


async def main(port):
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", port, backlog=1024)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
