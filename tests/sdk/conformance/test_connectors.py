"""Every installed connector passes the suite against its double, under every fault, and the page says so."""

import asyncio
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest

from etoile.sdk.conformance import badge, pages
from etoile.sdk.conformance.findings import Report, Verdict
from etoile.sdk.conformance.locating import Located, locate
from etoile.sdk.conformance.suite import examine
from etoile.sdk.conformance.table import markdown
from etoile.sdk.connector import GROUP

PAGE = Path(__file__).parents[3] / "docs" / "connectors.md"
NAMES = sorted(each.name for each in metadata.entry_points(group=GROUP))
# Enough to tell what is streamed from what is kept, without the seconds of 100 MB.
DOCUMENT = 24 * 2**20


@cache
def examined(name: str) -> tuple[Report, Located]:
    located = locate(name)
    return asyncio.run(examine(located, name, document_bytes=DOCUMENT)), located


@pytest.mark.parametrize("name", NAMES)
def test_an_installed_connector_conforms(name):
    report, _ = examined(name)
    assert {each.name: each.words for each in report.findings if each.verdict is Verdict.FAILED} == {}


def test_the_page_of_the_connectors_shows_what_they_do():
    """`make connectors` writes it again."""
    page = PAGE.read_text()
    assert pages.replaced(page, markdown([examined(name) for name in NAMES])) == page


def test_a_badge_that_is_there_can_be_read():
    for name in NAMES:
        badge.read(locate(name).folder)
