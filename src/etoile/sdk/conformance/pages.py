"""The page of the connectors: its table of faults is what the suite sees, put between two marks of the text."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

from etoile.sdk.conformance.findings import Report
from etoile.sdk.conformance.locating import Located
from etoile.sdk.conformance.suite import examine
from etoile.sdk.conformance.table import markdown

BEGIN, END = "<!-- faults: begin -->", "<!-- faults: end -->"
# The page shows no document: a small one is enough.
SMALL_DOCUMENT = 2**20


class PageError(ValueError):
    """The page has not the two marks."""


def table_of(connectors: Iterable[Located]) -> str:
    """The Markdown of all of them, each tried against its double now."""
    return markdown([(_report(each), each) for each in connectors])


def _report(located: Located) -> Report:
    return asyncio.run(examine(located, located.connector.manifest.name, document_bytes=SMALL_DOCUMENT))


def replaced(page: str, text: str) -> str:
    """The page with `text` between its marks; PageError when it has none."""
    before, found, rest = page.partition(BEGIN)
    _, closed, after = rest.partition(END)
    if not (found and closed):
        raise PageError(f"the page has no {BEGIN} … {END}")
    return f"{before}{BEGIN}\n\n{text}\n{END}{after}"


def replace(path: Path, text: str) -> bool:
    """Writes it; False when nothing changed."""
    page = path.read_text(encoding="utf-8")
    made = replaced(page, text)
    if made != page:
        path.write_text(made, encoding="utf-8")
    return made != page
