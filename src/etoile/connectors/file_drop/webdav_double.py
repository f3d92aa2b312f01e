"""A simulated WebDAV server, kept in a folder: an ASGI application behind the SDK's fault switch.

server = WebDavDouble(folder)
with serve(server.application) as address: ...
server.faults.set("disk_full")
"""

import base64
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.utils import formatdate
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote, unquote, urlsplit
from xml.sax.saxutils import escape

from etoile.connectors.file_drop.double import PASSWORD, USER, about, laid_out, rig_of
from etoile.connectors.file_drop.returning import Returning
from etoile.sdk.conformance import Rig
from etoile.sdk.doubles import Double, Place, Standing
from etoile.sdk.faults import HTTP, TELLING, Clock, Faults, cut_connection
from etoile.sdk.testing import serve

# What only a file server does wrong; `duplicate` has no meaning there, a name is taken once.
KINDS = (HTTP | TELLING | {"disk_full", "cut_while_writing", "rename_refused", "shortened"}) - {"duplicate"}
BLOCK = 64 * 1024
RENAMES = {"href": "lien", "getcontentlength": "taille"}


class WebDavDouble:
    """`faults` (which is the ASGI application): how it misbehaves. `chunked`: how many bodies
    came without their length. `ranges`: it gives a part of a file when it is asked for one, as most do."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.chunked = 0
        self.ranges = True
        self.clock = Clock()
        # What is at its final name is what counts as written.
        self.faults = self.application = Faults(
            self._answer,
            kinds=KINDS,
            about=about(folder, "Dépôt WebDAV", lambda *told: self.returning.move(*told)),
            clock=self.clock,
            renames=RENAMES,
            writes=lambda scope: bool(scope["method"] == "MOVE"),
        )
        self.returning = Returning(folder, self.faults, self.clock)

    @staticmethod
    def place(address: str) -> dict[str, Any]:
        """The settings of the connector that lead there; the password is the secret `password`."""
        return {"kind": "webdav", "url": address, "authentication": {"kind": "basic", "username": USER}}

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
        expected = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if headers.get("authorization") != expected:
            await _send(send, 401)
            return
        # ASGI gives the path decoded.
        target = self.folder / scope["path"].strip("/")
        handle = getattr(self, f"_{scope['method'].lower()}", None)
        if handle is None:
            await _send(send, 405)
            return
        await handle(scope, headers, target, receive, send)

    async def _propfind(self, scope: Any, headers: Any, target: Path, receive: Any, send: Any) -> None:
        if not target.exists():
            await _send(send, 404)
            return
        below = sorted(target.iterdir()) if target.is_dir() and headers.get("depth") == "1" else []
        shown = "".join(self._described(each) for each in (target, *below))
        body = f'<?xml version="1.0"?><D:multistatus xmlns:D="DAV:">{shown}</D:multistatus>'
        await _send(send, 207, body.encode(), "application/xml")

    def _described(self, path: Path) -> str:
        place = "/" + quote(str(path.relative_to(self.folder))) if path != self.folder else "/"
        if path.is_dir():
            place, kind = place.rstrip("/") + "/", "<D:resourcetype><D:collection/></D:resourcetype>"
        else:
            size, moment = path.stat().st_size, formatdate(path.stat().st_mtime, usegmt=True)
            kind = (
                f"<D:resourcetype/><D:getcontentlength>{size}</D:getcontentlength>"
                f"<D:getlastmodified>{moment}</D:getlastmodified>"
            )
        status = "<D:status>HTTP/1.1 200 OK</D:status>"
        return (
            f"<D:response><D:href>{escape(place)}</D:href>"
            f"<D:propstat><D:prop>{kind}</D:prop>{status}</D:propstat></D:response>"
        )

    async def _put(self, scope: Any, headers: Any, target: Path, receive: Any, send: Any) -> None:
        self.chunked += "content-length" not in headers
        if self.faults.strikes("disk_full"):
            await _send(send, 507)
        elif not target.parent.is_dir():
            await _send(send, 409)
        elif self.faults.strikes("cut_while_writing"):
            await _kept(receive, target, int(headers["content-length"]) // 2)
            cut_connection(scope)
        elif self.faults.strikes("shortened"):
            await _kept(receive, target, int(headers["content-length"]) - 1)
            await _send(send, 201)
        else:
            await _kept(receive, target)
            await _send(send, 201)

    async def _move(self, scope: Any, headers: Any, target: Path, receive: Any, send: Any) -> None:
        wanted = self.folder / unquote(urlsplit(headers["destination"]).path).strip("/")
        if self.faults.strikes("rename_refused"):
            await _send(send, 403)
        elif not target.exists():
            await _send(send, 404)
        elif not wanted.parent.is_dir():
            await _send(send, 409)
        elif wanted.exists() and headers.get("overwrite") == "F":
            await _send(send, 412)
        else:
            target.rename(wanted)
            await _send(send, 201)

    async def _get(self, scope: Any, headers: Any, target: Path, receive: Any, send: Any) -> None:
        if not target.is_file():
            await _send(send, 404)
            return
        size = target.stat().st_size
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", headers.get("range", "")) if self.ranges else None
        if asked is None:
            await _given(send, target, 0, size)
        elif int(asked[1]) >= size:
            await _send(send, 416)
        else:
            await _given(send, target, int(asked[1]), min(size, int(asked[2]) + 1), size)

    async def _delete(self, scope: Any, headers: Any, target: Path, receive: Any, send: Any) -> None:
        if target.is_file():
            target.unlink()
            await _send(send, 204)
        else:
            await _send(send, 404)


async def _kept(receive: Any, target: Path, most: int | None = None) -> None:
    """A body, as it comes, in a file; what is beyond `most` is lost."""
    with target.open("wb") as file:
        more = True
        while more:
            message = await receive()
            block, more = message.get("body", b""), message.get("more_body", False)
            file.write(block if most is None else block[: max(0, most - file.tell())])


async def _given(send: Any, path: Path, start: int, end: int, whole: int | None = None) -> None:
    """Bytes of a file; `whole`: its size, when these are a part of it."""
    headers = [(b"content-type", b"application/octet-stream"), (b"content-length", str(end - start).encode())]
    if whole is not None:
        headers.append((b"content-range", f"bytes {start}-{end - 1}/{whole}".encode()))
    await send({"type": "http.response.start", "status": 200 if whole is None else 206, "headers": headers})
    with path.open("rb") as file:
        file.seek(start)
        while start < end:
            block = file.read(min(BLOCK, end - start))
            start += len(block)
            await send({"type": "http.response.body", "body": block, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _send(send: Any, status: int, body: bytes = b"", media_type: str = "text/plain") -> None:
    headers = [(b"content-type", media_type.encode()), (b"server", b"simulated-webdav")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def rig() -> AsyncIterator[Rig]:
    """What the conformance suite needs, over WebDAV."""
    with TemporaryDirectory() as folder:
        server = WebDavDouble(laid_out(Path(folder)))
        with serve(server.application) as address:
            yield rig_of(server.place(address), server.faults, server.returning, address, asks_to_wait=True)


@asynccontextmanager
async def standing(place: Place) -> AsyncIterator[Standing]:
    """A server for whoever tries things by hand; its files are kept in the folder."""
    server = WebDavDouble(laid_out(place.folder / "echange"))
    with serve(server.application, host=place.host, port=place.port) as address:
        says = {"page": f"{address}/", "address": address, "user": f"{USER} / {PASSWORD}"}
        yield Standing(server.faults, says | {"folder": str(server.folder)})


DOUBLE = Double(
    name="webdav",
    french="Un dossier d’échange en WebDAV, et l’application qui y rend des fichiers.",
    english="A folder of exchange, and the application that gives files back there.",
    speaks="WebDAV",
    kinds=KINDS,
    port=8214,
    open=standing,
)
