"""One person's journey: a browser of its own on a product being served, and what it noticed on the way."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page

from tests.browser.harness import checks
from tests.browser.harness.checks import ask
from tests.browser.harness.pages import Mode


@dataclass
class Visit:
    page: Page
    address: str
    mode: Mode
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.requests.clear()
        self.page.goto(self.address + path)

    def check(self) -> None:
        """What must hold of each page on the way."""
        found = [*checks.axe(self.page), *ask(self.page, "sideways"), *self.complaints]
        assert found == [], "\n".join([self.page.url, *found])

    def focused(self) -> str:
        return str(self.page.evaluate("document.activeElement.id"))

    def reach(self, selector: str, key: str = "Tab") -> None:
        reach(self.page, selector, key)


def check(page: Page) -> None:
    """No violation and nothing sticking out, on a page that somebody is using."""
    found = [*checks.axe(page), *ask(page, "sideways")]
    assert found == [], "\n".join([page.url, *found])


def reach(page: Page, selector: str, key: str = "Tab") -> None:
    """Press Tab (or Shift+Tab) until the focus is there, and see that it shows."""
    for _ in range(80):
        page.keyboard.press(key)
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none", selector
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def open_visit(chromium: Browser, address: str, mode: Mode, **context: Any) -> Visit:
    """A browser that has seen nothing yet. Close its context when done."""
    view = chromium.new_context(
        locale=mode.locale,
        color_scheme=mode.scheme,  # type: ignore[arg-type]
        viewport={"width": mode.width, "height": 900},
        java_script_enabled=mode.scripts,
        **context,
    )
    page = view.new_page()
    visit = Visit(page, address, mode)
    page.on("request", lambda request: visit.requests.append(request.url))
    page.on("console", lambda said: visit.complaints.append(said.text) if refused(said.text) else None)
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    return visit


def refused(words: str) -> bool:
    return "Content Security Policy" in words or "Refused" in words
