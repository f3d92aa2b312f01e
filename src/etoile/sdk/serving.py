"""A real server for a simulated system, in a thread of the test: sockets, addresses and time-outs are true."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, MutableMapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from aiohttp import web

Message = MutableMapping[str, Any]
AsgiApplication = Callable[[Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Any]


@contextmanager
def serve(
    application: AsgiApplication, *, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
) -> Iterator[str]:
    """Serves an ASGI application on a free port while the block runs; gives its address, "http://127.0.0.1:43210".

    `tls`: the context of a server, for an address in https.
    """
    loop = asyncio.new_event_loop()
    started: list[web.ServerRunner] = []
    ready = threading.Event()
    failure: list[BaseException] = []
    stop = asyncio.Event()

    async def run() -> None:
        try:
            async with _lifespan(application):
                runner = web.ServerRunner(web.Server(_handler(application)), shutdown_timeout=1)
                await runner.setup()
                await web.TCPSite(runner, host, port, ssl_context=tls).start()
                started.append(runner)
                ready.set()
                await stop.wait()
                await runner.cleanup()
        except BaseException as error:
            failure.append(error)
            raise
        finally:
            ready.set()

    def main() -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(run())
        except BaseException as error:
            if error not in failure:
                failure.append(error)
        finally:
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()

    thread = threading.Thread(target=main, name="simulated-system", daemon=True)
    thread.start()
    ready.wait(10)
    if not started:
        thread.join(5)
        raise RuntimeError("the simulated system did not start") from (failure[0] if failure else None)
    try:
        yield f"{'https' if tls else 'http'}://{host}:{started[0].addresses[0][1]}"
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)


def _handler(application: AsgiApplication) -> Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]:
    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        response: web.StreamResponse | None = None
        finished = asyncio.Event()

        async def receive() -> Message:
            if request.content.at_eof():
                if received:
                    await finished.wait()
                    return {"type": "http.disconnect"}
                received.append(b"")
                return {"type": "http.request", "body": b"", "more_body": False}
            block = await request.content.readany()
            received.append(b"")
            return {"type": "http.request", "body": block, "more_body": not request.content.at_eof()}

        async def send(message: Message) -> None:
            nonlocal response
            if message["type"] == "http.response.start":
                response = web.StreamResponse(status=message["status"])
                for name, value in message.get("headers", []):
                    response.headers.add(name.decode("latin-1"), value.decode("latin-1"))
                await response.prepare(request)
            elif message["type"] == "http.response.body" and response is not None:
                await response.write(message.get("body", b""))
                if not message.get("more_body"):
                    await response.write_eof()
                    finished.set()

        received: list[bytes] = []
        try:
            await application(_scope(request), receive, send)
        except ConnectionError:
            pass  # the caller left, or the fault switch cut the connection
        finally:
            finished.set()
        return response if response is not None else web.Response(status=500)

    return handle


def _scope(request: web.BaseRequest) -> Message:
    transport = request.transport
    sockets = (
        (None, None)
        if transport is None
        else (transport.get_extra_info("peername"), transport.get_extra_info("sockname"))
    )
    raw_path, _, query = request.raw_path.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": f"{request.version.major}.{request.version.minor}",
        "method": request.method,
        "scheme": request.scheme,
        "path": request.path,
        "raw_path": raw_path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(name.lower(), value) for name, value in request.raw_headers],
        "client": tuple(sockets[0][:2]) if sockets[0] else None,
        "server": tuple(sockets[1][:2]) if sockets[1] else None,
        "state": {},
    }


@asynccontextmanager
async def _lifespan(application: AsgiApplication) -> AsyncIterator[None]:
    """The start and the end that an application may ask for; one that does not know them is left alone."""
    incoming: asyncio.Queue[Message] = asyncio.Queue()
    outgoing: asyncio.Queue[Message] = asyncio.Queue()
    scope: Message = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": {}}
    task = asyncio.ensure_future(application(scope, incoming.get, outgoing.put))
    await incoming.put({"type": "lifespan.startup"})
    answer = asyncio.ensure_future(outgoing.get())
    await asyncio.wait({task, answer}, return_when=asyncio.FIRST_COMPLETED)
    supported = answer.done()
    if supported and answer.result()["type"] == "lifespan.startup.failed":
        raise RuntimeError(f"the application refused to start: {answer.result().get('message', '')}")
    answer.cancel()
    try:
        yield
    finally:
        if supported:
            await incoming.put({"type": "lifespan.shutdown"})
            await asyncio.wait({task}, timeout=5)
        task.cancel()
        await asyncio.gather(task, answer, return_exceptions=True)
