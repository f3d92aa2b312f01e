"""The part every simulated application shows to people and to tests: its page, its state, its controls."""

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from etoile.doubles.simulation import pages, people, telling
from etoile.doubles.simulation.profile import Profile
from etoile.doubles.simulation.store import Store
from etoile.sdk.faults import Faults
from etoile.sdk.faults.asgi import Scope
from etoile.sdk.faults.http import by_method


@dataclass(slots=True)
class Simulation:
    """A simulated application: what it is, what it remembers, and the ASGI application that serves it.

    `work` is called again and again by a background thread: fetching documents, publishing, pulling. `beside` is open
    as long as it is served: what it speaks that is not HTTP.
    """

    profile: Profile
    store: Store
    routes: Sequence[BaseRoute] = ()
    work: Callable[[], Any] = lambda: None
    writes: Callable[[Scope], bool] = by_method
    beside: Callable[[], AbstractAsyncContextManager[Any]] = nullcontext
    faults: Faults = field(init=False)

    def __post_init__(self) -> None:
        own = [
            Route("/", self.page),
            Route("/_double/state", self.state),
            Route("/_double/held", self.held),
            Route("/_double/people", self.people),
            Route("/_double/items/{number}/status", self.change, methods=["POST"]),
        ]
        self.faults = Faults(
            Starlette(routes=[*own, *self.routes]),
            kinds=self.profile.faults,
            clock=self.store.clock,
            writes=self.writes,
        )
        self.store.faults = self.faults

    def page(self, request: Request) -> Response:
        return HTMLResponse(
            pages.render(self.profile, self.store, self.faults),
            headers={"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"},
        )

    def state(self, request: Request) -> Response:
        return JSONResponse([self._described(item) for item in self.store.find()])

    def people(self, request: Request) -> Response:
        return JSONResponse(people.known(self.store))

    def held(self, request: Request) -> Response:
        """The same answer as every other double: what it holds, nothing of a person."""
        names = ("number", "reference", "kind", "status", "label", "received_at", "changed_at", "told")
        held = [{name: shown[name] for name in names} for shown in map(self._described, self.store.find())]
        return JSONResponse({"simulated": True, "name": self.profile.name, "held": held})

    def _described(self, item: Any) -> dict[str, Any]:
        documents = self.store.rows(
            "SELECT id, name, media_type, size, sha256, state FROM document WHERE number = ?", item.number
        )
        times = self.store.rows("SELECT sum(times) AS total FROM seen WHERE number = ?", item.number)
        told = self.store.rows("SELECT state FROM outgoing WHERE number = ? ORDER BY position", item.number)
        return {
            "number": item.number,
            "reference": item.reference,
            "idempotency_key": item.key,
            "kind": item.kind,
            "received_at": item.received_at,
            "status": item.code,
            "label": item.label,
            "changed_at": item.changed_at,
            "times_sent": times[0]["total"],
            "told": [row["state"] for row in told],
            "documents": [dict(row) for row in documents],
            "payload": item.payload,
        }

    async def change(self, request: Request) -> Response:
        """`{"code": "...", "message": "..."}` in JSON, or a button of the page."""
        number = request.path_params["number"]
        pressed = not request.headers.get("content-type", "").startswith("application/json")
        try:
            wanted = dict(await request.form()) if pressed else await request.json()
            item = telling.advance(
                self.profile, self.store, number, str(wanted.get("code", "")), str(wanted.get("message", ""))
            )
        except KeyError:
            return JSONResponse({"detail": f"unknown item {number}"}, 404)
        except (ValueError, AttributeError, json.JSONDecodeError) as error:
            return JSONResponse({"detail": str(error)}, 400)
        if pressed:
            return RedirectResponse("/", 303)
        return JSONResponse(self._described(item))
