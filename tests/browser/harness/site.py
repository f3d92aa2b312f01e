"""A product served for real, a browser for each mode and each person, and what each page noticed on the way."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Locator, Page, Response

from tests.browser.harness.checks import ask
from tests.browser.harness.pages import DAY, Entry, Mode

logger = logging.getLogger(__name__)
SHOTS = Path(__file__).resolve().parents[3] / "screenshots"


@dataclass
class Scenery:
    """What the addresses are filled in with, and the cookies of each who signs in: name → name and value."""

    places: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass
class Shown:
    """A page as it was shown, with what came with it."""

    entry: Entry
    page: Page
    response: Response
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    looks: dict[str, int] | None = None

    def note(self, said: ConsoleMessage) -> None:
        """An error of the console; that of the page's own status, when it is the one awaited, is none."""
        own = self.entry.status >= 400 and said.text.startswith(
            f"Failed to load resource: the server responded with a status of {self.entry.status}"
        )
        if said.type == "error" and not own:
            self.complaints.append(said.text)


@dataclass
class Site:
    """`browsers` gives one by the size of its letters. `show(entry, mode)` opens a page in that of who it is for.

    Contexts, and the page open in each, are kept for what is shown next: one for each mode and each person. With
    `once`, what is drawn alike on many pages is judged on the first of them.
    """

    product: str
    address: str
    browsers: Callable[[int], Browser]
    once: bool = False
    scenery: Scenery = field(default_factory=Scenery)
    contexts: dict[tuple[str, str], BrowserContext] = field(default_factory=dict)
    pages: dict[tuple[str, str], Page] = field(default_factory=dict)
    showing: dict[Page, Shown] = field(default_factory=dict)
    open: tuple[Entry | None, Shown] | None = None
    looks: dict[str, int] = field(default_factory=dict)

    def visit(self, entry: Entry, mode: Mode) -> Shown:
        """As `show`; modes reached from the day are read on the page already open."""
        if not (mode.reached and self.open and self.open[0] == entry):
            self.open = None
            shown = self.show(entry, DAY if mode.reached else mode)
            # Only the day can be turned into another mode.
            self.open = (entry if mode.reached or mode == DAY else None, shown)
        shown = self.open[1]  # type: ignore[index]
        if mode.reached:
            shown.page.emulate_media(color_scheme=mode.scheme)  # type: ignore[arg-type]
            shown.page.set_viewport_size({"width": mode.width, "height": 900})
            ask(shown.page, "turn", mode.style)
        return shown

    def show(self, entry: Entry, mode: Mode, *, opened: bool = True) -> Shown:
        """`opened` unfolds what is folded, for the checks to see it."""
        page = self._page(mode, entry.who)
        shown = Shown(entry, page, None, looks=self.looks if self.once else None)  # type: ignore[arg-type]
        self.showing[page] = shown
        path = entry.path(self.scenery.places)
        shown.response = self._arrive(page, entry, path)
        if opened:
            ask(page, "open")
        return shown

    def photograph(self, shown: Shown, entry: Entry, mode: Mode) -> None:
        """Keep what was seen: `screenshots/<product>/<mode>/<page>.jpg`, out of git."""
        name = (
            entry.name.strip("/")
            .replace("<", "")
            .replace(">", "")
            .replace(":", "-")
            .replace("/", "_")
            .replace(" ", "-")
            or "home"
        )
        kept = SHOTS / self.product / mode.name / f"{name}.jpg"
        kept.parent.mkdir(parents=True, exist_ok=True)
        try:
            shown.page.screenshot(path=kept, type="jpeg", quality=70, full_page=True)
        except Error as refusal:
            # Chromium fails now and then to draw a long page on a busy machine. The picture is for the eyes of a
            # person, what is proved is read in the page: a missing picture is told, and fails nothing.
            logger.warning("no photograph of %s: %s", entry.name, refusal.message.splitlines()[0])

    def close(self) -> None:
        for each in self.contexts.values():
            each.close()

    def _page(self, mode: Mode, who: str) -> Page:
        """A page costs a process: the same one goes from address to address, as somebody's does."""
        page = self.pages.get((mode.name, who))
        if page is None or page.is_closed():
            page = self.pages[mode.name, who] = self.context(mode, who).new_page()
            page.on("request", lambda request: self.showing[page].requests.append(request.url))
            page.on("console", lambda said: self.showing[page].note(said))
            page.on("pageerror", lambda error: self.showing[page].complaints.append(str(error)))
        page.emulate_media(color_scheme=mode.scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": mode.width, "height": 900})
        return page

    def _arrive(self, page: Page, entry: Entry, path: str) -> Response:
        response = page.goto(self.address + path)
        if entry.submit is not None:
            ask(page, "open")
            end = entry.submit.format(**self.scenery.places)
            form = f"main form[method=post][action$='{end}']" if end else "main form[method=post]"
            for name, value in entry.fill.items():
                page.locator(f"{form} [name='{name}']").first.fill(value)
            with page.expect_navigation() as moved:
                _button(page.locator(f"{form}:has(button)").first, entry.button).click()
            response = moved.value
        assert response is not None
        return response

    def context(self, mode: Mode, who: str) -> BrowserContext:
        key = (mode.name, who)
        if key not in self.contexts:
            context = self.browsers(mode.letters).new_context(
                locale=mode.locale,
                color_scheme=mode.scheme,  # type: ignore[arg-type]
                viewport={"width": mode.width, "height": 900},
                java_script_enabled=mode.scripts,
                reduced_motion="reduce",
            )
            context.set_default_timeout(20_000)
            cookies: list[Any] = [
                {"name": name, "value": value, "url": self.address}
                for name, value in self.scenery.cookies.get(who, {}).items()
            ]
            context.add_cookies(cookies)
            self.contexts[key] = context
        return self.contexts[key]


def _button(form: Locator, name: str) -> Locator:
    """The one that is named; else the first without a name, or the first of those that send what was typed."""
    if name:
        return form.locator(f"[name='{name}']").first
    plain = form.locator("button:not([name], [aria-hidden=true])")
    return plain.first if plain.count() else form.locator("button:not([name=remove], [aria-hidden=true])").first
