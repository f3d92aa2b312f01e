"""The controls of a simulated system, over HTTP: its faults, its clock, what it holds, and a page that shows it all.

    POST /_double/faults   {"fault": "down", "count": 3, "path": "/api", "seconds": 2.0, "retry_after": 5}
    POST /_double/clock    {"at": "2026-11-24T08:00:00Z"}, {"advance": 3600} (seconds) or {} (the real time again)
    POST /_double/move     {"number": "R-1", "code": "DONE", "label": "Terminé"}: as somebody at its counter would
    GET  /_double/held     {"simulated": true, "name": "…", "held": [{…}, …]}

`fault` null clears; `count` null means "until cleared"; `path` limits it to one part of the system. Each address tells
its state to a `GET`. The control of a system that speaks HTTP is inside `Faults`; that of another one (SFTP, SMTP)
is served at a port of its own.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from etoile.sdk.faults import page
from etoile.sdk.faults.asgi import Receive, Scope, Send, answer, read
from etoile.sdk.faults.clock import Clock
from etoile.sdk.faults.switch import Switch

FAULTS, CLOCK = "/_double/faults", "/_double/clock"
HELD, MOVE = "/_double/held", "/_double/move"
FORM = b"application/x-www-form-urlencoded"
POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"


@dataclass(frozen=True, slots=True)
class About:
    """What a person is shown: the system's `name`, `what` it simulates (both French), and what it holds now: one
    dictionary of plain values for each thing, oldest first. `move(number, code, label)` changes the state of a thing,
    KeyError for an unknown number; None for a system without states."""

    name: str
    what: str
    held: Callable[[], list[dict[str, Any]]]
    move: Callable[[str, str, str], object] | None = None


class Control:
    """An ASGI application. Without `about` it shows neither page nor held things: the system has its own."""

    def __init__(self, switch: Switch, *, about: About | None = None, clock: Clock | None = None) -> None:
        self.switch, self.about = switch, about
        self.clock = clock or Clock()

    def answers(self, scope: Scope) -> bool:
        """Whether this request is for the controls."""
        if scope["path"] in (FAULTS, CLOCK):
            return True
        page = scope["path"] == "/" and scope["method"] in ("GET", "HEAD")
        return self.about is not None and (page or scope["path"] in (HELD, MOVE))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if not self.answers(scope):
            await answer(send, 404, "application/json", json.dumps({"detail": f"only {FAULTS}, {CLOCK}, {HELD}, /"}))
        elif scope["method"] == "POST":
            await self._obey(scope, await read(receive), send)
        elif scope["path"] == "/" and self.about is not None:
            about = self.about
            shown = page.render(about.name, about.what, about.held(), self.switch, self.clock, about.move is not None)
            await answer(send, 200, "text/html; charset=utf-8", shown, {"content-security-policy": POLICY})
        else:
            await self._tell(scope, send)

    async def _obey(self, scope: Scope, body: bytes, send: Send) -> None:
        # A form is a button of the page, pressed by a person: back to the page. What curl sends says so and is JSON.
        form = dict(scope["headers"]).get(b"content-type", b"").startswith(FORM)
        pressed = form and not body.lstrip().startswith(b"{")
        try:
            wanted = _order(body, pressed)
            if scope["path"] == FAULTS:
                self._set_fault(wanted)
            elif scope["path"] == CLOCK:
                self._set_clock(wanted)
            elif scope["path"] == MOVE:
                self._move(wanted)
            else:
                raise ValueError("this address is only read")
        except KeyError as unknown:
            detail = f"nothing is held under the number {unknown.args[0]}"
            await answer(send, 404, "application/json", json.dumps({"detail": detail}))
            return
        except (ValueError, TypeError, OverflowError) as error:
            await answer(send, 400, "application/json", json.dumps({"detail": str(error)}))
            return
        if pressed:
            await answer(send, 303, "text/plain", "", {"location": "/"})
        else:
            await self._tell(scope, send)

    async def _tell(self, scope: Scope, send: Send) -> None:
        state: dict[str, Any]
        if scope["path"] in (HELD, MOVE) and self.about is not None:
            state = {"simulated": True, "name": self.about.name, "held": self.about.held()}
        elif scope["path"] == CLOCK:
            state = {"now": self.clock.now().isoformat(), "stands": self.clock.stands}
        else:
            state = self.switch.state()
        content = json.dumps(state, ensure_ascii=False, default=str)
        await answer(send, 200, "application/json", content)

    def _set_fault(self, wanted: dict[str, Any]) -> None:
        for name, number in (("count", int), ("seconds", float), ("retry_after", int)):
            if wanted.get(name) is not None:
                wanted[name] = number(wanted[name])
        self.switch.set(wanted.pop("fault", None), **wanted)

    def _move(self, wanted: dict[str, Any]) -> None:
        if self.about is None or self.about.move is None:
            raise ValueError("this system has no states")
        given = [wanted.get(name) for name in ("number", "code", "label")]
        if not all(isinstance(each, str) and each for each in given):
            raise ValueError("number, code and label were expected")
        self.about.move(*map(str, given))

    def _set_clock(self, wanted: dict[str, Any]) -> None:
        if unknown := wanted.keys() - {"at", "advance"}:
            raise ValueError(f"unknown: {', '.join(sorted(unknown))}; expected at, advance")
        if "at" in wanted or "advance" not in wanted:
            at = wanted.get("at")
            self.clock.set(datetime.fromisoformat(at) if at else None)
        if "advance" in wanted:
            self.clock.advance(float(wanted["advance"]))


def _order(body: bytes, pressed: bool) -> dict[str, Any]:
    wanted = dict(parse_qsl(body.decode())) if pressed else json.loads(body or b"{}")
    if not isinstance(wanted, dict):
        raise ValueError("a JSON object was expected")
    return wanted
