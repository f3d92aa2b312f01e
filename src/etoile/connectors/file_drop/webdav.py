"""The place of exchange is a folder of a WebDAV server (RFC 4918), reached by the HTTP door."""

import tempfile
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from email.utils import parsedate_to_datetime
from typing import IO
from urllib.parse import quote, unquote, urlsplit

from lxml import etree

from etoile.connectors.file_drop import stores
from etoile.connectors.file_drop.places import WebDav
from etoile.connectors.file_drop.stores import BLOCK, MOST_ENTRIES, Entry, NotLetIn, StoreError, is_plain, too_long
from etoile.sdk import Context, DoorError, Response, access
from etoile.sdk.answers import Answer
from etoile.sdk.door import Data

IN_MEMORY = 512 * 1024
# Of a returned file, asked at a time: about two pages of rows.
WINDOW = 128 * 1024
# A listing of MOST_ENTRIES files takes about 4 MB.
LARGEST_LISTING = 16 * 2**20
BUSY = (409, 423)
MOVED = "L’adresse du serveur a changé : elle renvoie ailleurs. Corrigez « url »."
NOT_A_FOLDER = "Cette adresse n’est pas celle d’un dossier WebDAV : corrigez « url »."
SETTINGS = {
    405: NOT_A_FOLDER,
    410: NOT_A_FOLDER,
    415: NOT_A_FOLDER,
    501: NOT_A_FOLDER,
    407: "Un serveur mandataire demande un identifiant : voyez avec votre réseau.",
    413: "Le serveur refuse un fichier aussi long : demandez à qui l’exploite de relever sa limite.",
}
WANTED = (
    b'<?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:"><prop>'
    b"<getcontentlength/><getlastmodified/><resourcetype/></prop></propfind>"
)


@asynccontextmanager
async def opened(place: WebDav, context: Context, timeout: float) -> AsyncIterator["WebDavStore"]:
    """The folder of the server; nothing is asked yet."""
    yield WebDavStore(context, place, timeout)


class WebDavStore:
    def __init__(self, context: Context, place: WebDav, timeout: float) -> None:
        self._context = context
        self._place = place
        self._base = place.url.rstrip("/")
        self._timeout = timeout

    async def find(self, path: str) -> Entry | None:
        answer = await self._ask("PROPFIND", path, {"Depth": "0", **_XML}, WANTED)
        if answer.status == 404:
            folder = path.rpartition("/")[0]
            if folder and (await self._ask("PROPFIND", folder, {"Depth": "0", **_XML}, WANTED)).status == 404:
                raise stores.missing(folder)
            return None
        found = list(_entries(self._listing(answer, path)))
        return found[0] if found else None

    async def write(self, path: str, blocks: AsyncIterable[bytes], size: int | None = None) -> int:
        # With its length: many servers refuse a body that does not say it.
        if size is not None:
            source = _Source(blocks)
            await self._put(path, lambda: source, size, source)
            return size
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as aside:
            size = 0
            async for block in blocks:
                aside.write(block)
                size += len(block)
            await self._put(path, lambda: _blocks(aside), size)
        return size

    async def _put(
        self, path: str, made: Callable[[], AsyncIterable[bytes]], size: int, source: "_Source | None" = None
    ) -> None:
        headers = {"Content-Length": str(size), "Content-Type": "application/octet-stream"}
        failure = None
        try:
            # A long file takes the time that is left, and not that of one operation.
            answer = await self._ask("PUT", path, headers, made if size else b"", timeout=self._context.remaining)
        except DoorError as error:
            failure = error
        if source is not None and source.failure is not None:
            raise source.failure from None
        if failure is not None:
            cut = failure.kind == "connection" and failure.maybe_sent
            raise StoreError("retry", stores.CUT, "connection") if cut else failure
        if answer.status not in (200, 201, 204):
            raise self._refusal(answer, path)

    async def rename(self, path: str, target: str) -> bool:
        headers = {"Destination": self._url(target), "Overwrite": "F"}
        answer = await self._ask("MOVE", path, headers)
        if answer.status == 412:
            return False
        if answer.status == 404 and await self.find(target) is not None:
            return True  # done by an earlier try of the same request
        if answer.status in (403, 405, 501, 502):
            raise StoreError("configuration", stores.NO_RENAMING, f"HTTP {answer.status}")
        if not 200 <= answer.status < 300:
            raise self._refusal(answer, target)
        if answer.status not in (201, 204) and await self.find(target) is None:
            raise _strange(answer.status)
        return True

    async def read(self, path: str, most: int, start: int = 0) -> AsyncGenerator[bytes, None]:
        async with aclosing(self._ranged(path, most, start) if start else self._whole(path, most)) as blocks:
            async for block in blocks:
                yield block

    async def _whole(self, path: str, most: int) -> AsyncGenerator[bytes, None]:
        source = access.stream(
            self._context,
            self._place.authentication,
            "GET",
            self._url(path),
            timeout=self._context.remaining,
            max_bytes=most,
        )
        try:
            async with aclosing(source) as blocks:
                async for block in blocks:
                    yield block
        except DoorError as error:
            if error.kind == "too_large":
                raise too_long(most) from None
            if error.status is not None:
                raise self._refused(error.status, path) from None
            raise

    async def _ranged(self, path: str, most: int, start: int) -> AsyncGenerator[bytes, None]:
        """From a byte on, a window at a time: whoever has enough stops asking."""
        size = 0
        while True:
            at = start + size
            window = await self._window(path, at)
            if window is None:
                async with aclosing(_after(at, self._whole(path, at + most))) as blocks:
                    async for block in blocks:
                        yield block
                return
            size += len(window)
            if size > most:
                raise too_long(most)
            if window:
                yield window
            if len(window) < WINDOW:
                return

    async def _window(self, path: str, at: int) -> bytes | None:
        """None from a server that does not know how to give a part of a file (RFC 9110, "range requests")."""
        headers = {"Range": f"bytes={at}-{at + WINDOW - 1}"}
        try:
            answer = await self._ask("GET", path, headers, most=WINDOW)
        except DoorError as error:
            if error.kind == "too_large":
                return None
            raise
        if answer.status == 206 and answer.headers.get("Content-Range", "").startswith(f"bytes {at}-"):
            return answer.body
        if answer.status == 416:
            return b""
        if answer.status == 200:
            return None
        raise self._refusal(answer, path)

    async def files(self, folder: str) -> list[Entry]:
        answer = await self._ask("PROPFIND", f"{folder}/", {"Depth": "1", **_XML}, WANTED)
        if answer.status == 404:
            raise stores.missing(folder)
        found = [each for each in _entries(self._listing(answer, f"{folder}/")) if not each.name.startswith(".")]
        return sorted(found, key=lambda each: each.name)[:MOST_ENTRIES]

    async def remove(self, path: str) -> None:
        answer = await self._ask("DELETE", path, {})
        if answer.status != 404 and not 200 <= answer.status < 300:
            raise self._refusal(answer, path)

    def _url(self, path: str) -> str:
        return f"{self._base}/{quote(path.lstrip('/'))}"

    def _listing(self, answer: Response, path: str) -> etree._Element:
        if answer.status != 207:
            raise self._refusal(answer, path)
        return _parsed(answer)

    def _refusal(self, answer: Response, path: str) -> StoreError:
        after = Answer.read(answer.status, answer.headers, b"").retry_after()
        return self._refused(answer.status, path, after)

    def _refused(self, status: int, path: str, after: float | None = None) -> StoreError:
        folder, detail = path.rpartition("/")[0] or ".", f"HTTP {status}"
        if status == 401:
            return NotLetIn(self._not_let_in(), detail)
        if status == 403:
            return stores.not_allowed(folder)
        if status == 404:
            return stores.missing(folder)
        if status in BUSY:
            words = "Le serveur dit que le fichier est occupé. Le hub réessaie de lui-même."
            return StoreError("retry", words, detail, after=after)
        if status == 507:
            return StoreError("retry", stores.FULL, detail, after=after)
        if status in SETTINGS or 300 <= status < 400:
            return StoreError("configuration", SETTINGS.get(status, MOVED), detail)
        if 200 <= status < 300:
            return _strange(status)
        if 400 <= status < 500 and status not in (408, 425, 429):
            words = "Le serveur refuse ce que le fichier contient : demandez-lui pourquoi."
            return StoreError("data", words, detail)
        what = "demande d’attendre" if status == 429 else "est momentanément indisponible"
        words = f"Le serveur {what}. Le hub réessaie de lui-même."
        return StoreError("retry", words, detail, after=after)

    def _not_let_in(self) -> str:
        known = self._place.authentication
        if known is None:
            return "Le serveur demande un accès : remplissez « authentication », et le secret qui va avec."
        secrets = " et ".join(f"« {name} »" for name in access.secrets_of(known))
        who = f"l’identifiant « {known.username} »" if isinstance(known, access.Basic) else "notre accès"
        return (
            f"Le serveur refuse {who} : le secret {secrets} n’est pas ou n’est plus bon, ou le compte est fermé. "
            "Demandez à qui l’exploite, puis corrigez le secret."
        )

    async def _ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        data: Data | Callable[[], Data] | None = None,
        *,
        timeout: float | None = None,
        most: int = LARGEST_LISTING,
    ) -> Response:
        return await access.request(
            self._context,
            self._place.authentication,
            method,
            self._url(path),
            headers=headers,
            data=data,
            timeout=timeout or self._timeout,
            max_bytes=most,
        )


async def _after(skipped: int, blocks: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    async with aclosing(blocks):
        async for block in blocks:
            if len(block) > skipped:
                yield block[skipped:]
            skipped = max(0, skipped - len(block))


_XML = {"Content-Type": "application/xml; charset=utf-8"}


async def _blocks(aside: IO[bytes]) -> AsyncIterator[bytes]:
    aside.seek(0)
    while block := aside.read(BLOCK):
        yield block


def _parsed(answer: Response) -> etree._Element:
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        return etree.fromstring(answer.body, parser)
    except etree.XMLSyntaxError:
        raise _strange(answer.status) from None


def _entries(listing: etree._Element) -> list[Entry]:
    """The plain files of a listing: folders, and names that would lead elsewhere, are left out."""
    found = []
    for response in listing.iterfind("{DAV:}response"):
        name = unquote(urlsplit(response.findtext("{DAV:}href") or "").path).rpartition("/")[2]
        if response.find(".//{DAV:}resourcetype/{DAV:}collection") is not None or not is_plain(name):
            continue
        size = (response.findtext(".//{DAV:}getcontentlength") or "").strip()
        found.append(
            Entry(name, int(size) if size.isdigit() else 0, _moment(response.findtext(".//{DAV:}getlastmodified")))
        )
    return found


def _moment(text: str | None) -> float:
    try:
        return parsedate_to_datetime(text or "").timestamp()
    except (ValueError, TypeError, OverflowError):
        return 0.0


def _strange(status: int) -> StoreError:
    return StoreError("retry", "Le serveur a donné une réponse inattendue, qui n’est pas du WebDAV.", f"HTTP {status}")


class _Source:
    """Blocks to send. `failure`: what their source raised, which looks like a broken connection to who sends."""

    def __init__(self, blocks: AsyncIterable[bytes]) -> None:
        self._blocks = blocks
        self._begun = False
        self.failure: Exception | None = None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            if self._begun:
                # A stream is read once: a request that must leave again waits for the next try.
                raise StoreError("retry", stores.CUT, "sent again")
            self._begun = True
            async for block in self._blocks:
                yield block
        except Exception as error:
            self.failure = error
            raise
