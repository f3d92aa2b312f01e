"""A simulated document repository (CMIS 1.1, browser binding), for the tests of this connector.

`Ged().application` is an ASGI application (Starlette, extra `demo`) behind the SDK's fault switch. What it imitates,
and whether that was read in the standard or in a vendor's code (confirmed) or is only supposed (assumed):

* confirmed: the routes of Alfresco; errors as `{"exception", "message"}` with their status; a name taken twice is
  `contentAlreadyExists` in Alfresco; the version in the identifier of a document (`…;1.0`); a web page for a 401;
* assumed: Nuxeo takes the same name twice; a repository behind a proxy tells addresses of the inside; a form without
  `_charset_` is read in ISO-8859-1; a length that is not known is -1.
"""

import base64
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from etoile.connectors.cmis.double_objects import Content, Node, Refused, Tree
from etoile.sdk.conformance.rig import Rig
from etoile.sdk.doubles import Double, Place, Standing
from etoile.sdk.faults import HTTP, About, Faults, cut_connection
from etoile.sdk.testing import EventFactory, serve

USERNAME = "hub"
PASSWORD = "a-password"  # noqa: S105 of a simulated system
ALFRESCO = ("/alfresco/api/-default-/public/cmis/versions/1.1/browser", "-default-", "")
NUXEO = ("/nuxeo/json/cmis", "default", "/default")
LOGIN_PAGE = "<!DOCTYPE html><html lang=en><title>Sign in</title><h1>HTTP Status 401 – Unauthorized</h1></html>"
WHAT = "Un entrepôt CMIS 1.1 (liaison « browser »)."
STATUSES = {"invalidArgument": 400, "permissionDenied": 403, "objectNotFound": 404, "notSupported": 405}
STATUSES |= {"streamNotSupported": 403, "runtime": 500, "storage": 500}


class Ged:
    """`tree` is what it holds. `refusing`: the CMIS exception every writing meets, or None. `losing`: the rank of the
    writing whose answer will be lost. `racing`: somebody makes the same folder before us. `lengths`: whether each form
    came with its length."""

    def __init__(self, vendor: str = "alfresco", *, readable_only: bool = False, keep: bool = True) -> None:
        self.base, self.repository, self.below = NUXEO if vendor == "nuxeo" else ALFRESCO
        self.tree = Tree(same_name_twice=vendor == "nuxeo", versions=vendor == "alfresco")
        self.readable_only, self.keep = readable_only, keep
        self.refusing: tuple[str, str] | None = None
        self.losing: int | None = None
        self.racing = False
        self.actions: list[str] = []
        self.lengths: list[bool] = []
        root = f"{self.base}{self.below}/root"
        routes = [
            Route(root, self.objects, methods=["GET", "POST"]),
            Route(root + "/{path:path}", self.objects, methods=["GET", "POST"]),
            Route(self.base, self.service),
        ]
        if self.below:
            routes.append(Route(self.base + self.below, self.service))
        about = About("GED simulée", WHAT, self.shown)
        self.application = Faults(Starlette(routes=routes), about=about)

    def shown(self) -> list[dict[str, Any]]:
        """The documents held, for the page of the double."""
        return [
            {"nom": node.name, "type": node.content.media_type, "octets": node.content.size}
            for node in self.tree.nodes
            if node.content is not None
        ]

    async def service(self, request: Request) -> Response:
        return self._answered(request, self._read_service)

    async def objects(self, request: Request) -> Response:
        if request.method == "GET":
            return self._answered(request, self._read_object)
        self.lengths.append("content-length" in request.headers)
        async with request.form() as form:
            action = self._text(form, "cmisaction")
            self.actions.append(action)
            content = await self._content(form.get("content"))
            answer = self._answered(request, lambda given: self._write(given, form, action, content))
        if self.losing == len(self.actions) - 1:
            cut_connection(request.scope)
        return answer

    def _answered(self, request: Request, answer: Callable[[Request], Response]) -> Response:
        pair = base64.b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {pair}":
            return HTMLResponse(LOGIN_PAGE, 401, headers={"WWW-Authenticate": 'Basic realm="GED"'})
        try:
            return answer(request)
        except Refused as refused:
            body = {"exception": refused.exception, "message": refused.message}
            return JSONResponse(body, STATUSES.get(refused.exception, 409))

    def _read_service(self, request: Request) -> Response:
        if request.query_params.get("cmisselector") == "typeDefinition":
            return JSONResponse(self.tree.type_definition(request.query_params.get("typeId", "")))
        inside = f"http://ged-interne:8080{self.base}{self.below}"
        described = {
            "repositoryId": self.repository,
            "repositoryName": "",
            "productName": "Simulated repository",
            "cmisVersionSupported": "1.1",
            "rootFolderId": self.tree.root.id,
            "repositoryUrl": inside,
            "rootFolderUrl": f"{inside}/root",
            "capabilities": {"capabilityContentStreamUpdatability": "anytime"},
        }
        return JSONResponse({self.repository: described})

    def _read_object(self, request: Request) -> Response:
        node = self._node(request)
        match request.query_params.get("cmisselector"):
            case "object":
                return JSONResponse(self.tree.described(node))
            case "children":
                skip, most = (int(request.query_params.get(name, 50)) for name in ("skipCount", "maxItems"))
                listed = self.tree.children(node)
                page = [{"object": self.tree.described(each)} for each in listed[skip : skip + most]]
                more = len(listed) > skip + most
                return JSONResponse({"objects": page, "hasMoreItems": more, "numItems": len(listed)})
            case "allowableActions":
                names = ("canCreateFolder", "canCreateDocument")
                return JSONResponse({"canGetProperties": True} | dict.fromkeys(names, not self.readable_only))
        raise Refused("notSupported", "Unknown operation")

    def _write(self, request: Request, form: FormData, action: str, content: Content | None) -> Response:
        if self.readable_only:
            raise Refused("permissionDenied", "Access Denied. You do not have the appropriate permissions.")
        if self.refusing:
            raise Refused(*self.refusing)
        node, properties = self._node(request), self._properties(form)
        if self.racing and action == "createFolder":
            self.tree.create(node, properties, None)
        if action == "createFolder":
            return JSONResponse(self.tree.described(self.tree.create(node, properties, None)), 201)
        if action == "createDocument":
            empty = Content("", 0, "", b"")
            return JSONResponse(self.tree.described(self.tree.create(node, properties, content or empty)), 201)
        if action == "setContent" and content is not None:
            node.content = content
            return JSONResponse(self.tree.described(node), 201)
        raise Refused("notSupported", "Unknown operation")

    def _node(self, request: Request) -> Node:
        if id := request.query_params.get("objectId"):
            return self.tree.by_id(id)
        return self.tree.by_path(request.path_params.get("path", ""))

    def _properties(self, form: FormData) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for rank in range(len(form)):
            if name := self._text(form, f"propertyId[{rank}]"):
                single = [f"propertyValue[{rank}]"] if f"propertyValue[{rank}]" in form else []
                many = [key for key in form if key.startswith(f"propertyValue[{rank}][")]
                found[name] = [self._text(form, key) for key in single or many]
        return found

    def _text(self, form: FormData, name: str) -> str:
        value = form.get(name, "")
        text = value if isinstance(value, str) else ""
        return text if "_charset_" in form else text.encode().decode("latin-1")

    async def _content(self, part: Any) -> Content | None:
        if not isinstance(part, UploadFile):
            return None
        return await Content.read(part, keep=self.keep)


MAPPING = {
    "mapping": 1,
    "name": "classement",
    "application": "ged",
    "type": "org.etoile.case.submitted.v1",
    "version": 1,
    "send": {
        "folder": ["=event.data.procedure.title.fr", "=event.data.case.reference"],
        "documents": [
            {"name": "Demande.txt", "content": "='Demande ' + event.data.case.reference"},
            {"$documents": "*", "give": {"name": "=document.name", "content": {"$content": "stream"}}},
        ],
    },
}


@asynccontextmanager
async def rig() -> AsyncIterator[Rig]:
    """A repository for the conformance suite; a request counts once its own document is there."""
    ged = Ged(keep=False)
    with serve(ged.application) as address:
        yield Rig(
            configuration={
                "url": address + ged.base,
                "authentication": {"kind": "basic", "username": USERNAME},
                "folder": "/Sites/mairie",
            },
            secrets={"password": PASSWORD},
            wrong_secrets={"password": "another"},
            mapping=MAPPING,
            event=EventFactory().make(data={"documents": []}),
            written=lambda: sum(node.name.startswith("Demande-") for node in ged.tree.documents()),
            faults=ged.application,
            allowed=(address,),
            carries_documents=True,
        )


@asynccontextmanager
async def standing(place: Place) -> AsyncIterator[Standing]:
    """A repository for whoever tries things by hand, in the manner of Alfresco."""
    ged = Ged()
    with serve(ged.application, host=place.host, port=place.port) as address:
        says = {"page": f"{address}/", "address": address + ged.base, "user": f"{USERNAME} / {PASSWORD}"}
        yield Standing(ged.application, says)


DOUBLE = Double(
    name="cmis",
    french=WHAT,
    english="A document repository, by the browser binding of CMIS 1.1.",
    speaks="CMIS",
    kinds=HTTP,
    port=8215,
    open=standing,
)
