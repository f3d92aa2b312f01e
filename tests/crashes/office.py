"""A simulated application that never calls: it records a request under its idempotency key, and answers when asked."""

import threading
from datetime import UTC, datetime, timedelta

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

LATER = timedelta(seconds=0.5)


class Office:
    """`folders`: number by idempotency key. Each folder is open at once, and done half a second later."""

    def __init__(self) -> None:
        self.folders: dict[str, str] = {}
        self.readings = 0
        self._opened: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def application(self) -> Starlette:
        return Starlette(routes=[
            Route("/folders", self._record, methods=["POST"]),
            Route("/changes", self._changes),
        ])  # fmt: skip

    async def _record(self, request: Request) -> JSONResponse:
        key = request.headers["idempotency-key"].strip('"')
        with self._lock:
            number = self.folders.setdefault(key, f"F-{len(self.folders) + 1}")
            self._opened.setdefault(number, datetime.now(UTC))
        return JSONResponse({"number": number}, 201)

    async def _changes(self, request: Request) -> JSONResponse:
        since, now = datetime.fromisoformat(request.query_params["since"]), datetime.now(UTC)
        with self._lock:
            self.readings += 1
            opened = list(self._opened.items())
        changes = [(at, number, "open") for number, at in opened]
        changes += [(at + LATER, number, "done") for number, at in opened if at + LATER <= now]
        told = [
            {"at": at.isoformat(timespec="milliseconds"), "number": number, "state": state}
            for at, number, state in sorted(changes)
            if at >= since
        ]
        return JSONResponse({"changes": told})
