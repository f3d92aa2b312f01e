"""The fault switch of a system that speaks HTTP: any ASGI application can be told to misbehave as real ones do.

`faults = Faults(application)` is itself an ASGI application: the controls (see `control`) are answered here, everything
else goes to the wrapped application, through the fault in force.
"""

from collections.abc import Callable, Mapping

from etoile.sdk.faults import spoiling
from etoile.sdk.faults.asgi import Application, Kept, Receive, Scope, Send, again, answer, read, silence
from etoile.sdk.faults.clock import Clock
from etoile.sdk.faults.control import About, Control
from etoile.sdk.faults.kinds import HTTP, STATUSES, VOCABULARY
from etoile.sdk.faults.sockets import cut_connection
from etoile.sdk.faults.switch import Fault, Switch

HTML_PAGE = "<!DOCTYPE html><html lang=en><title>Web filter</title><h1>Request blocked by the firewall</h1></html>"
JSON, PROBLEM = "application/json", "application/problem+json"
RETRY_AFTER = 5

# Status, media type, body.
Refusal = tuple[int, str, str]
# What is not here needs more than an answer.
ANSWERS: dict[str, Refusal] = {
    **{
        name: (status, JSON, f'{{"error": "{name.replace("_", " ")}"}}')
        for name, status in STATUSES.items()
        if name != "refuse"
    },
    "unavailable": (503, "text/plain", "Service Unavailable"),
    "error": (500, "text/plain", "Internal Server Error"),
    "redirect": (302, "text/plain", ""),
    "html": (200, "text/html; charset=utf-8", HTML_PAGE),
    "refuse": (
        422,
        PROBLEM,
        '{"type": "about:blank", "title": "Refus", "status": 422,'
        ' "detail": "Le champ « lieu » est inconnu de l’application."}',
    ),
}


def by_method(scope: Scope) -> bool:
    """Whether a request writes, as far as its method tells."""
    return scope["method"] not in ("GET", "HEAD", "OPTIONS", "PROPFIND")


class Faults(Switch):
    """An ASGI application wrapping another.

    `kinds`: those shown here: HTTP's, and those that the wrapped application looks for by itself with `strikes`; `own`:
    those among HTTP's that it looks for too.
    `exempt`: paths never spoiled (the page a person looks at). `renames`: the fields that `renamed` renames, by
    default all those of a JSON answer. `writes`: tells the requests that write, where the method does not.
    `refusal`: gives the status, media type and body by which this system tells a fault, None for the usual ones.
    """

    def __init__(
        self,
        application: Application,
        *,
        kinds: frozenset[str] = HTTP,
        own: frozenset[str] = frozenset(),
        about: About | None = None,
        clock: Clock | None = None,
        exempt: tuple[str, ...] = ("/",),
        renames: Mapping[str, str] | None = None,
        writes: Callable[[Scope], bool] = by_method,
        refusal: Callable[[Fault, Scope], Refusal | None] = lambda fault, scope: None,
    ) -> None:
        super().__init__(kinds)
        self.application = application
        self.spoilt = HTTP - own
        self.exempt = exempt
        self.renames = renames
        self.writes = writes
        self.refusal = refusal
        self.control = Control(self, about=about, clock=clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.application(scope, receive, send)
        elif self.control.answers(scope):
            await self.control(scope, receive, send)
        elif fault := self._take(scope):
            await self._spoil(fault, scope, receive, send)
        else:
            await self.application(scope, receive, send)

    def _take(self, scope: Scope) -> Fault | None:
        fault, path = self.current, scope["path"]
        if fault is None or fault.fault not in self.spoilt or path in self.exempt or path.startswith("/_double/"):
            return None
        if VOCABULARY[fault.fault].writes and not self.writes(scope):
            return None
        return self.strikes(path=path)

    async def _spoil(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        match fault.fault:
            case "down":
                cut_connection(scope)
            case "time_out":
                await self.wait(fault.seconds)
                cut_connection(scope)
            case "write_then_fail":
                await self.application(scope, receive, silence)
                cut_connection(scope)
            case "slow":
                await self.wait(fault.seconds)
                await self.application(scope, receive, send)
            case "duplicate":
                body = await read(receive)
                await self.application(scope, again(body, receive), silence)
                await self.application(scope, again(body, receive), send)
            case "truncated" | "wrong_charset" | "renamed":
                await self._twist(fault.fault, scope, receive, send)
            case _:
                await read(receive)
                await self._refuse(fault, scope, send)

    async def _twist(self, kind: str, scope: Scope, receive: Receive, send: Send) -> None:
        kept = Kept()
        await self.application(scope, receive, kept)
        if kind == "truncated":
            await kept.send(send, kept.body[: len(kept.body) // 2])
        elif kind == "renamed":
            await kept.send(send, spoiling.renamed(kept.body, self.renames))
        else:
            media = kept.headers.get("content-type", "text/plain").partition(";")[0]
            await kept.send(send, spoiling.in_latin1(kept.body), **{"content-type": f"{media}; charset=utf-8"})

    async def _refuse(self, fault: Fault, scope: Scope, send: Send) -> None:
        status, media_type, body = self.refusal(fault, scope) or ANSWERS[fault.fault]
        headers = {"location": "https://elsewhere.invalid/"} if status == 302 else {}
        after = RETRY_AFTER if fault.retry_after is None and fault.fault == "too_many" else fault.retry_after
        if after is not None:
            headers["retry-after"] = str(after)
        await answer(send, status, media_type, body, headers)
