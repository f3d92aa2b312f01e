"""A simulated registry in REST/JSON, for the tests of this connector: every way to sign in, no idea of idempotency.

`Registry().application` is an ASGI application (Starlette, extra `demo`) behind the SDK's fault switch.
"""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from etoile.sdk.conformance import Rig
from etoile.sdk.doubles import Double, Place, Standing
from etoile.sdk.faults import HTTP, TELLING, About, Clock, Faults
from etoile.sdk.testing import EventFactory, serve

KEY = "a-key"
PASSWORD = "a-password"  # noqa: S105 of a simulated system
CLIENT_SECRET = "a-client-secret"  # noqa: S105
TOKEN_LASTS = timedelta(hours=1)
KINDS = HTTP | TELLING
WHAT = "Un registre en JSON, avec tous les accès possibles, qui n’a pas idée de l’idempotence."
SECRETS = {"api_key": KEY, "password": PASSWORD, "client_secret": CLIENT_SECRET, "token": KEY}
SEND = {"reference": "=event.data.case.reference", "title": "=event.data.procedure.title.fr"}
MAPPING = {
    "mapping": 1,
    "name": "registre",
    "application": "registre",
    "type": "org.etoile.case.submitted.v1",
    "version": 1,
    "send": SEND,
    "return": {
        "number": "=answer.number",
        "code": "=answer.state.code",
        "label": "=answer.state.label",
        "statuses": {"NEW": "received", "DONE": "closed"},
    },
}


class Registry:
    """`records` holds what was written, in order; `tokens` counts the access tokens given, `valid_tokens` are
    those that still open, each until a date."""

    def __init__(self) -> None:
        self.records: list[dict[str, Any]] = []
        self.requests: list[str] = []
        self.keys: list[str] = []
        self.lengths: list[str | None] = []
        self.valid_tokens: dict[str, datetime] = {}
        self.tokens = 0
        self.untold: set[str] = set()
        self.clock = Clock(datetime(2026, 11, 24, 8, 0, tzinfo=UTC))
        routes = [
            Route("/token", self.token, methods=["POST"]),
            Route("/records", self.records_, methods=["GET", "POST"]),
            Route("/records/{id:int}/files", self.files, methods=["GET", "POST"]),
            Route("/version", self.version),
        ]
        self.faults = self.application = Faults(
            Starlette(routes=routes),
            kinds=KINDS,
            about=About("Registre (REST)", WHAT, self.held, self.move),
            clock=self.clock,
            renames={"record": "enregistrement"},
            writes=lambda scope: bool(scope["method"] == "POST" and scope["path"].startswith("/records")),
        )

    def held(self) -> list[dict[str, Any]]:
        """Each record: its number, its state, its date, its files; nothing of the person."""
        return [
            {
                "number": one["number"],
                "state": one["state"]["label"],
                "changed": one["changed"],
                "files": [file["name"] for file in one["files"]],
            }
            for one in self.records
        ]

    def _now(self) -> str:
        return self.clock.tick().isoformat().replace("+00:00", "Z")

    def _known(self, request: Request) -> bool:
        basic = base64.b64encode(f"town:{PASSWORD}".encode()).decode()
        given = request.headers.get("authorization", "")
        until = self.valid_tokens.get(given.removeprefix("Bearer "))
        return (
            request.headers.get("x-api-key") == KEY
            or given in (f"Basic {basic}", f"Bearer {KEY}")
            or (until is not None and self.clock.now() < until)
        )

    def _refuse(self) -> Response:
        return JSONResponse({"error": "who are you?"}, 401)

    async def token(self, request: Request) -> Response:
        expected = base64.b64encode(f"town:{CLIENT_SECRET}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {expected}":
            return JSONResponse({"error": "invalid_client"}, 401)
        if b"grant_type=client_credentials" not in await request.body():
            return JSONResponse({"error": "unsupported_grant_type"}, 400)
        self.tokens += 1
        self.valid_tokens = {f"token-{self.tokens}": self.clock.now() + TOKEN_LASTS}
        return JSONResponse({"access_token": f"token-{self.tokens}", "expires_in": TOKEN_LASTS.seconds})

    async def version(self, request: Request) -> Response:
        return JSONResponse({"version": "1.0"}) if self._known(request) else self._refuse()

    async def records_(self, request: Request) -> Response:
        if not self._known(request):
            return self._refuse()
        self.requests.append(request.method)
        if request.method == "GET":
            return self._found(request)
        body = await request.json()
        if body.get("reference") == "closed":
            return JSONResponse({"ok": False, "code": "CLOSED", "message": "Le service est fermé"})
        if not body.get("title"):
            return JSONResponse({"type": "about:blank", "detail": "Le titre manque, écrivez à chef@ville.fr"}, 422)
        self.keys.append(request.headers.get("idempotency-key", ""))
        number, now = len(self.records) + 1, self._now()
        record = {"id": number, "number": f"R-{number}", "state": {"code": "NEW", "label": "Nouveau"}, "changed": now}
        self.records.append({**record, "body": body, "files": []})
        return JSONResponse({"ok": True, "record": record}, 201)

    def _found(self, request: Request) -> Response:
        reference, since = request.query_params.get("reference"), request.query_params.get("since", "")
        kept = [
            {name: record[name] for name in ("id", "number", "state", "changed")}
            for record in sorted(self.records, key=lambda one: one["changed"])
            if (reference is None or record["body"].get("reference") == reference)
            and record["changed"] >= since
            and (reference is not None or record["number"] not in self.untold)
        ]
        if since and self.faults.strikes("out_of_order"):
            kept.reverse()
        top = int(request.query_params.get("top", "100"))
        return JSONResponse({"items": kept[:top]})

    async def files(self, request: Request) -> Response:
        if not self._known(request):
            return self._refuse()
        record = self.records[request.path_params["id"] - 1]
        if request.method == "GET":
            return JSONResponse({"items": [{"name": one["name"]} for one in record["files"]]})
        self.lengths.append(request.headers.get("content-length"))
        async with request.form() as form:
            part = form["file"]
            if isinstance(part, str):
                return JSONResponse({"detail": "A file was expected."}, 400)
            label = form.get("label")
            content = await part.read()
            record["files"].append(
                {"name": part.filename, "type": part.content_type, "content": content, "label": label}
            )
        return Response(status_code=201)

    def move(self, number: str, code: str, label: str) -> None:
        """Change the state of a record, as somebody at the counter would."""
        record = next((one for one in self.records if one["number"] == number), None)
        if record is None:
            raise KeyError(number)
        record["state"], record["changed"] = {"code": code, "label": label}, self._now()
        (self.untold.add if self.faults.strikes("lost_notification") else self.untold.discard)(number)


@asynccontextmanager
async def rig() -> AsyncIterator[Rig]:
    """What the conformance suite needs."""
    registry = Registry()
    with serve(registry.application) as address:
        yield Rig(
            # Time for a large document; a slow application is seen by the deadline of the delivery.
            configuration={**settings_of(address), "timeout": 60},
            secrets={"api_key": KEY},
            wrong_secrets={"api_key": "another-key"},
            mapping=MAPPING,
            event=EventFactory().make(data={"documents": []}),
            written=lambda: len(registry.records),
            faults=registry.application,
            allowed=(address,),
            carries_documents=True,
            move=lambda number: registry.move(number, "DONE", "Terminé"),
        )


def settings_of(url: str) -> dict[str, Any]:
    """The settings of the connector for a registry at this address."""
    return {
        "base_url": url,
        "timeout": 5,
        "authentication": {"kind": "api_key", "secret": "api_key"},
        "request": {"path": "/records"},
        "success": {
            "when": "response.body.ok",
            "external_id": "response.body.record.number",
            "handle": "response.body.record.id",
            "item": "response.body.record",
        },
        "errors": [
            {
                "when": "has(response.body.code) && response.body.code == 'CLOSED'",
                "outcome": "business_no",
                "message": "='Refus : ' + response.body.message",
            }
        ],
        "lookup": {
            "path": "/records?reference={event.data.case.reference}",
            "found": "size(response.body.items) > 0",
            "external_id": "response.body.items[0].number",
            "handle": "response.body.items[0].id",
            "item": "response.body.items[0]",
        },
        "attachments": {
            "path": "/records/{handle}/files",
            "fields": {"label": "=document.name"},
            "existing_path": "/records/{handle}/files",
            "existing_names": "response.body.items.map(one, one.name)",
        },
        "poll": {
            "path": "/records?since={since}",
            "items": "response.body.items",
            "position": "item.changed",
        },
        "held": {
            "path": "/records?since={since}",
            "items": "response.body.items",
            "position": "item.changed",
            "external_id": "item.number",
        },
        "check": {"path": "/version"},
    }


@asynccontextmanager
async def standing(place: Place) -> AsyncIterator[Standing]:
    """A registry for whoever tries things by hand."""
    registry = Registry()
    with serve(registry.application, host=place.host, port=place.port) as address:
        says = {"page": f"{address}/", "address": f"{address}/records", "X-Api-Key": KEY}
        says |= {"Basic": f"town / {PASSWORD}", "OAuth 2": f"{address}/token, town / {CLIENT_SECRET}"}
        yield Standing(registry.faults, says)


DOUBLE = Double(
    name="http_json",
    french=WHAT,
    english="A registry in JSON, with every kind of access, without idempotency.",
    speaks="REST",
    kinds=KINDS,
    port=8211,
    open=standing,
)
