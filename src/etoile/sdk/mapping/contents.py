"""The contents of documents in what a mapping made: a mark (the document, with `$content`) until a connector fills it.

A connector that streams (SOAP, say) reads the marks itself; one that sends a JSON body asks for base64 in their place.
"""

from __future__ import annotations

import base64
from collections.abc import AsyncGenerator, Callable, Iterator
from typing import Any

from etoile.contract.problem import Violation, escape
from etoile.sdk.documents import Document, DocumentError
from etoile.sdk.mapping.errors import MappingError
from etoile.sdk.mapping.nodes import MARK

MAX_BASE64 = 20 * 2**20
BASE64 = "base64"
STREAMED = "Ce connecteur n'envoie pas en flux : demander base64."

Open = Callable[[Document], AsyncGenerator[bytes, None]]


def marks(tree: Any, pointer: str = "") -> Iterator[tuple[str, str, Document]]:
    """Each content asked for: its place in the tree, its form ("base64" or "stream"), its document."""
    if isinstance(tree, dict) and MARK in tree and "sha256" in tree:
        yield pointer, tree[MARK], Document.from_dict(tree)
    elif isinstance(tree, dict):
        for name, child in tree.items():
            yield from marks(child, f"{pointer}/{escape(str(name))}")
    elif isinstance(tree, list):
        for index, child in enumerate(tree):
            yield from marks(child, f"{pointer}/{index}")


async def filled(tree: Any, open: Open | None) -> Any:
    """The tree with each content in base64 in the place of its mark; the same tree when there is none.

    `open` None: nothing is read, and words stand for each content (a rehearsal).
    MappingError for a content asked as a stream, DocumentError when one cannot be read or all are above 20 MB.
    """
    found = list(marks(tree))
    if not found:
        return tree
    streamed = [Violation(pointer, STREAMED) for pointer, form, _ in found if form != BASE64]
    if streamed:
        raise MappingError(streamed)
    if sum(document.size for _, _, document in found) > MAX_BASE64:
        raise DocumentError("Les pièces dépassent 20 Mo, ce que cette requête ne peut pas porter.", retry=False)
    contents: dict[str, str] = {}
    for _, _, document in found:
        if open is None:
            contents[document.id] = f"‹contenu en base64, {document.size} octets›"
        elif document.id not in contents:
            whole = b"".join([block async for block in open(document)])
            contents[document.id] = base64.b64encode(whole).decode()
    return _replaced(tree, contents)


def _replaced(tree: Any, contents: dict[str, str]) -> Any:
    if isinstance(tree, dict) and MARK in tree and "sha256" in tree:
        return contents[tree["id"]]
    if isinstance(tree, dict):
        return {name: _replaced(child, contents) for name, child in tree.items()}
    return [_replaced(child, contents) for child in tree] if isinstance(tree, list) else tree
