"""A hub reduced to its contract, on a socket of ours: a token for whoever asks, then what a test wants of it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar


class HubDouble(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Exchange)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def answer(self, path: str, given: Any) -> tuple[int, Any]:
        """Status and body, JSON or text as it is."""
        raise NotImplementedError


class _Exchange(BaseHTTPRequestHandler):
    server: HubDouble

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        if self.path == "/oauth/token":
            self._say(200, {"access_token": "t", "expires_in": 900, "token_type": "Bearer"})
        else:
            self._say(*self.server.answer(self.path, json.loads(body)))

    def _say(self, status: int, body: Any) -> None:
        raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_args: Any) -> None:
        return


Double = TypeVar("Double", bound=HubDouble)


@contextmanager
def listening(hub: Double) -> Iterator[Double]:
    thread = threading.Thread(target=hub.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        hub.shutdown()
        hub.server_close()
        thread.join()
