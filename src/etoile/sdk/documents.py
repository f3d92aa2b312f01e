"""Documents travel by reference: this is how a connector reads one."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from etoile.contract.envelope import Event
from etoile.sdk.door import Door, DoorError


class DocumentError(Exception):
    """A document could not be read whole. `retry` tells whether trying again later makes sense; the text is French."""

    def __init__(self, message: str, *, retry: bool) -> None:
        super().__init__(message)
        self.message = message
        self.retry = retry


@dataclass(frozen=True, slots=True)
class Document:
    """A document of an event: what its content must be (`size` in bytes, `sha256` in hexadecimal) and where it is."""

    id: str
    name: str
    media_type: str
    size: int
    sha256: str
    url: str
    field: str | None = None

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Document:
        """Reads a document object of the contract."""
        return cls(raw["id"], raw["name"], raw["media_type"], raw["size"], raw["sha256"], raw["url"], raw.get("field"))


def documents_of(event: Event) -> list[Document]:
    """The documents of a `case.submitted` or `case.document_added` event, in order."""
    listed = list(event.data.get("documents") or [])
    if isinstance(event.data.get("document"), dict):
        listed.append(event.data["document"])
    return [Document.from_dict(each) for each in listed]


async def read(door: Door, document: Document, timeout: float) -> AsyncGenerator[bytes, None]:
    """Streams the content from its signed address; DocumentError at the end when size or SHA-256 differ.

    What was read before the error must not be kept: finish reading before telling the application it is complete.
    """
    digest, size = hashlib.sha256(), 0
    try:
        async with aclosing(door.stream("GET", document.url, timeout=timeout, max_bytes=document.size)) as blocks:
            async for block in blocks:
                size += len(block)
                digest.update(block)
                yield block
    except DoorError as error:
        raise _unreadable(document, error) from error
    if size != document.size or digest.hexdigest() != document.sha256:
        raise DocumentError(f"La pièce « {document.name} » n'est pas celle qui a été annoncée.", retry=False)


def _unreadable(document: Document, error: DoorError) -> DocumentError:
    if error.kind == "too_large":
        return DocumentError(f"La pièce « {document.name} » n'est pas celle qui a été annoncée.", retry=False)
    gone = error.status is not None and error.status in (404, 410)
    if gone:
        return DocumentError(f"La pièce « {document.name} » n'existe plus.", retry=False)
    return DocumentError(f"La pièce « {document.name} » ne peut pas être lue pour le moment.", retry=True)
