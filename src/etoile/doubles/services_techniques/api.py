"""The calls of the simulated technical services, and the small part of OData it understands."""

import json
import re
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from etoile.doubles.simulation import documents
from etoile.doubles.simulation.process import MissingSecretError
from etoile.doubles.simulation.profile import Kind
from etoile.doubles.simulation.store import Item, Store

ROOMS = [
    {"Id": 1, "Code": "salle-des-fetes", "Label": "Salle des fêtes", "Capacity": 250},
    {"Id": 2, "Code": "salle-polyvalente", "Label": "Salle polyvalente", "Capacity": 120},
    {"Id": 3, "Code": "maison-des-associations", "Label": "Maison des associations", "Capacity": 30},
]
COMPARISON = re.compile(r"^(\w+) (eq|ge|gt) '?([^']*?)'?$")
MAX_UPLOAD = 20 * 2**20

Endpoint = Callable[..., Awaitable[Response]]


def keyed(endpoint: Endpoint) -> Endpoint:
    """Refuse a call without the application's key."""

    @wraps(endpoint)
    async def guarded(self: "Api", request: Request) -> Response:
        try:
            if not self.allowed(request.headers.get("x-api-key", "")):
                return _message(401, "Clé d’API absente ou inconnue.")
        except MissingSecretError:
            return _message(503, "Application non configurée : la clé d’API manque.")
        return await endpoint(self, request)

    return guarded


class Api:
    """One instance per server. `allowed(key)` tells whether an API key is the right one."""

    def __init__(self, store: Store, works: Kind, room: Kind, allowed: Callable[[str], bool]) -> None:
        self.store = store
        self.kinds = {"/api/WorksRequests": works, "/api/RoomReservations": room}
        self.allowed = allowed

    def _kind(self, request: Request) -> Kind:
        return next(kind for base, kind in self.kinds.items() if request.url.path.startswith(base))

    @keyed
    async def create(self, request: Request) -> Response:
        kind = self._kind(request)
        try:
            body = await request.json()
        except json.JSONDecodeError:
            return _message(400, "Le corps de la requête n’est pas du JSON.")
        missing = [name for name in REQUIRED[kind.name] if not (isinstance(body, dict) and body.get(name))]
        if missing:
            return _message(400, f"Champ obligatoire absent : {', '.join(missing)}.")
        identifier = str(uuid.uuid4())
        # As far as is known the real one ignores Idempotency-Key: sent twice is written twice, unless looked up first.
        item, _ = self.store.receive(
            kind,
            key=identifier,
            shown_key=request.headers.get("idempotency-key", "").strip('"'),
            uuid=identifier,
            reference=str(body.get("ExternalReference") or ""),
            payload=body,
        )
        return JSONResponse(self.shown(item), 201)

    @keyed
    async def list(self, request: Request) -> Response:
        kind = self._kind(request)
        try:
            keep = _filter(request.query_params.get("$filter", ""))
            top = int(request.query_params.get("$top", "100"))
        except ValueError as error:
            return _message(400, str(error))
        # Only who asks what changed is told it badly; who looks for one request finds it.
        since = "LastModificationDate" in request.query_params.get("$filter", "")
        found = self.store.news(kind=kind.name) if since else self.store.find(kind=kind.name)
        found = found if since else sorted(found, key=lambda item: item.changed_at)
        kept = [one for one in map(self.shown, found) if keep(one)]
        if request.query_params.get("$expand") != "Responses":
            for one in kept:
                one.pop("Responses")
        return JSONResponse({"value": kept[:top]})

    @keyed
    async def read(self, request: Request) -> Response:
        item = self._item(request)
        return JSONResponse(self.shown(item)) if item else _message(404, "Demande inconnue.")

    @keyed
    async def attach(self, request: Request) -> Response:
        item = self._item(request)
        if item is None:
            return _message(404, "Demande inconnue.")
        async with request.form(max_part_size=MAX_UPLOAD) as form:
            files = [part for part in form.values() if not isinstance(part, str)]
            if len(files) != 1:
                return _message(400, "Une pièce et une seule est attendue.")
            content = await files[0].read()
            name = files[0].filename or "piece"
            identifier = str(uuid.uuid4())
            media_type = files[0].content_type or "application/octet-stream"
            documents.keep(self.store, item.number, id=identifier, name=name, media_type=media_type, content=content)
        return JSONResponse({"Id": identifier, "FileName": name}, 201)

    @keyed
    async def attachments(self, request: Request) -> Response:
        item = self._item(request)
        if item is None:
            return _message(404, "Demande inconnue.")
        rows = self.store.rows("SELECT id, name, size FROM document WHERE number = ?", item.number)
        return JSONResponse(
            {"value": [{"Id": row["id"], "FileName": row["name"], "Size": row["size"]} for row in rows]}
        )

    @keyed
    async def third_parties(self, request: Request) -> Response:
        rows = self.store.rows("SELECT DISTINCT payload FROM item")
        found = [json.loads(row["payload"]).get("ThirdParty") for row in rows]
        return JSONResponse({"value": [one for one in found if one]})

    @keyed
    async def new_third_party(self, request: Request) -> Response:
        return JSONResponse({"Id": str(uuid.uuid4()), **(await request.json())}, 201)

    @keyed
    async def rooms(self, request: Request) -> Response:
        return JSONResponse({"value": ROOMS})

    def _item(self, request: Request) -> Item | None:
        found = self.store.find(kind=self._kind(request).name, uuid=request.path_params["id"])
        return found[0] if found else None

    def shown(self, item: Item) -> dict[str, Any]:
        """An item as the application shows it, with its answers (`Responses`)."""
        changes = self.store.rows("SELECT * FROM change WHERE number = ? ORDER BY at, rowid", item.number)
        return {
            "Id": item.uuid,
            "Number": item.number,
            "ExternalReference": item.reference,
            "Status": {"Code": item.code, "Label": item.label},
            "CreationDate": _moment(item.received_at),
            "LastModificationDate": _moment(item.changed_at),
            "Responses": [
                {"Date": _moment(row["at"]), "StatusCode": row["code"], "Comment": row["message"]} for row in changes
            ],
        }


REQUIRED = {"intervention": ("Object", "Description"), "reservation": ("RoomCode", "StartDate", "EndDate")}


def _filter(text: str) -> Callable[[dict[str, Any]], bool]:
    """`Field eq 'value' and Other ge 'value'`; raises ValueError in the application's words."""
    tests: list[tuple[str, str, str]] = []
    for part in filter(None, text.split(" and ")):
        found = COMPARISON.match(part.strip())
        if found is None:
            raise ValueError(f"Filtre non compris : {part}")
        tests.append(found.groups())  # type: ignore[arg-type]

    def keep(shown: dict[str, Any]) -> bool:
        for name, operator, value in tests:
            own = str(shown.get(name, ""))
            if not {"eq": own == value, "ge": own >= value, "gt": own > value}[operator]:
                return False
        return True

    return keep


def _moment(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _message(status: int, text: str) -> Response:
    return JSONResponse({"Message": text}, status)
