"""The body of a request: the envelope, and the documents streamed in it (base64) or beside it (MTOM)."""

import base64
import re
import secrets
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from etoile.connectors.soap.freezing import UnfitError
from etoile.connectors.soap.shapes import is_document
from etoile.sdk import Context, Document, DocumentError

MEDIA = {"1.1": "text/xml", "1.2": "application/soap+xml"}
XOP = '<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:{}"/>'
SAFE = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,100}/[A-Za-z0-9!#$&^_.+-]{1,100}")
BATCH = 48 * 1024  # a multiple of 3: whole groups of base64


@dataclass(slots=True)
class Marks:
    """A document leaves a mark in the envelope; its content takes the place of the mark when it is sent."""

    documents: dict[bytes, Document] = field(default_factory=dict)

    def placed(self, node: Any) -> Any:
        """The request with each document replaced by its mark (bytes, which zeep writes in base64)."""
        if is_document(node):
            mark = b"mark-" + secrets.token_hex(16).encode()
            self.documents[base64.b64encode(mark)] = Document.from_dict(node)
            return mark
        if isinstance(node, dict):
            return {name: self.placed(each) for name, each in node.items()}
        return [self.placed(each) for each in node] if isinstance(node, list) else node


@dataclass(slots=True)
class Body:
    """What is sent: `pieces` in order, a document standing for its content. `unreadable`: the one that failed."""

    content_type: str
    pieces: list[bytes | Document]
    inline: bool
    unreadable: list[DocumentError] = field(default_factory=list)

    @property
    def size(self) -> int:
        return sum(len(each) if isinstance(each, bytes) else self._size(each) for each in self.pieces)

    def _size(self, document: Document) -> int:
        return (document.size + 2) // 3 * 4 if self.inline else document.size

    def whole(self) -> bytes | None:
        """The body when it holds no document."""
        only = self.pieces[0]
        return only if len(self.pieces) == 1 and isinstance(only, bytes) else None

    async def blocks(self, context: Context) -> AsyncGenerator[bytes, None]:
        """The body block by block: memory stays flat whatever the size of the documents."""
        for piece in self.pieces:
            if isinstance(piece, bytes):
                yield piece
                continue
            blocks = context.open_document(piece)
            try:
                async for block in _encoded(blocks) if self.inline else blocks:
                    yield block
            except DocumentError as error:
                # The door only sees a broken request: remember what it was.
                self.unreadable.append(error)
                raise
            finally:
                await blocks.aclose()


async def _encoded(blocks: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    kept = b""
    async for block in blocks:
        kept += block
        whole = len(kept) // BATCH * BATCH
        if whole:
            yield base64.b64encode(kept[:whole])
            kept = kept[whole:]
    yield base64.b64encode(kept)


def body_of(envelope: etree._Element, marks: Marks, version: str, action: str, *, mtom: bool) -> Body:
    """UnfitError when a document was placed where the contract does not expect a content."""
    text = etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")
    plain = MEDIA[version] + "; charset=utf-8" + (f'; action="{action}"' if version == "1.2" and action else "")
    if not marks.documents:
        return Body(plain, [text], inline=True)
    if any(text.count(mark) != 1 for mark in marks.documents):
        raise UnfitError("Une pièce est placée dans un élément qui n’attend pas de contenu (base64Binary).")
    pieces = re.split(b"(" + b"|".join(marks.documents) + b")", text)
    if not mtom:
        return Body(plain, [marks.documents.get(each, each) for each in pieces], inline=True)
    return _beside(pieces, marks, version, action)


def _beside(pieces: list[bytes], marks: Marks, version: str, action: str) -> Body:
    boundary = "etoile-" + secrets.token_hex(16)
    names = {mark: f"piece-{rank}@etoile" for rank, mark in enumerate(marks.documents, start=1)}
    root = b"".join(XOP.format(names[each]).encode() if each in names else each for each in pieces)
    kind = MEDIA[version]
    sent: list[bytes | Document] = [
        f'--{boundary}\r\nContent-Type: application/xop+xml; charset=UTF-8; type="{kind}"\r\n'
        f"Content-Transfer-Encoding: 8bit\r\nContent-ID: <root@etoile>\r\n\r\n".encode()
        + root
    ]
    for mark, document in marks.documents.items():
        media = document.media_type if SAFE.fullmatch(document.media_type) else "application/octet-stream"
        head = f"\r\n--{boundary}\r\nContent-Type: {media}\r\nContent-Transfer-Encoding: binary\r\n"
        sent += [f"{head}Content-ID: <{names[mark]}>\r\n\r\n".encode(), document]
    sent.append(f"\r\n--{boundary}--\r\n".encode())
    with_action = f'; action="{action}"' if version == "1.2" and action else ""
    return Body(
        f'multipart/related; type="application/xop+xml"; start="<root@etoile>"; start-info="{kind}"{with_action};'
        f' boundary="{boundary}"',
        sent,
        inline=False,
    )
