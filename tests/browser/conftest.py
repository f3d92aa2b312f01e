"""Chromium on the live server. Without a browser these tests are skipped on a desk, and fail in CI."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import Browser, Page, sync_playwright

from etoile.gru.access.models import Authority
from tests.gru.portal.conftest import make_town

# The sync API of Playwright keeps a loop running in this thread: Django must be told that it is not serving from it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "RGAAv4"]}


@dataclass(frozen=True)
class Mode:
    """How a person reads: colours, width in CSS pixels."""

    scheme: str
    width: int

    def __str__(self) -> str:
        return f"{self.scheme}-{self.width}"


@dataclass
class Visit:
    """A person's browser on the town's site, and what it noticed on the way."""

    page: Page
    address: str
    mode: Mode
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.requests.clear()
        self.page.goto(self.address + path)

    def check(self) -> None:
        """What must hold of each page: no violation, nothing sticking out, nothing refused by the policy."""
        found = Axe().run(self.page, options=RULES)
        assert found.violations_count == 0, found.generate_report()
        assert self.page.evaluate("document.documentElement.scrollWidth") <= self.mode.width, self.page.url
        assert self.complaints == [], self.page.url

    def focused(self) -> str:
        return str(self.page.evaluate("document.activeElement.id"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is absent: apt-get install chromium")
        pytest.skip("Chromium is absent: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def town(transactional_db: None) -> Authority:
    cache.clear()
    return make_town()


@pytest.fixture
def visiting(chromium: Browser, live_server: Any, town: Authority) -> Iterator[Any]:
    """`visiting(mode, **context)` opens a browser of its own and returns a `Visit`."""
    opened = []

    def open_one(mode: Mode, **context: Any) -> Visit:
        view = chromium.new_context(
            locale="fr-FR", color_scheme=mode.scheme, viewport={"width": mode.width, "height": 900}, **context
        )
        opened.append(view)
        page = view.new_page()
        visit = Visit(page, live_server.url, mode)
        page.on("request", lambda request: visit.requests.append(request.url))
        page.on("console", lambda said: visit.complaints.append(said.text) if refused(said.text) else None)
        page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        return visit

    yield open_one
    for view in opened:
        view.close()


def refused(words: str) -> bool:
    return "Content Security Policy" in words or "Refused" in words
