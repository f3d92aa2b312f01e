"""`make screens`: the main pages in light, dark and phone width, as small images, and the page that shows them.

`tests/browser/*/test_screens.py` draw the images, with SCREENS set; `page` makes `docs/screens.md` from the entries
that have a name to be shown as: `python -m tests.browser.screens`.
"""

import base64
import re
import unicodedata
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.harness.pages import Entry

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "docs" / "images" / "screens"
SHOWN = {"day": "Light", "night": "Dark", "narrow": "Phone"}
# What a desk shows at once, and a phone; half or two thirds of the size is enough to see how a page looks.
HEIGHTS = {"day": 900, "night": 900, "narrow": 640}
SCALES = {"day": 0.5, "night": 0.5, "narrow": 0.9}
QUALITY = 55


def name_of(product: str, entry: Entry, mode: str) -> str:
    plain = unicodedata.normalize("NFKD", entry.shown_as).encode("ascii", "ignore").decode().lower()
    return f"{product}-{re.sub('[^a-z0-9]+', '-', plain).strip('-')}-{mode}.webp"


def keep(page: Page, product: str, entry: Entry, mode: str) -> None:
    """The top of the page, in WebP. Chromium draws it: no other library is needed."""
    page.evaluate("scrollTo(0, 0); document.activeElement.blur()")
    width = page.viewport_size["width"] if page.viewport_size else 1280
    clip = {"x": 0, "y": 0, "width": width, "height": HEIGHTS[mode], "scale": SCALES[mode]}
    session = page.context.new_cdp_session(page)
    taken = session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY, "clip": clip})
    session.detach()
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / name_of(product, entry, mode)).write_bytes(base64.b64decode(taken["data"]))


def page(products: dict[str, list[Entry]]) -> str:
    """The text of `docs/screens.md`."""
    lines = [
        "# Screens",
        "",
        "The main pages, of a fictional town with simulated data, in light, dark and phone width. Made by",
        "`make screens` from the pages that the browser tests open; `make test-browser` photographs all of them",
        "into `screenshots/`.",
    ]
    titles = {"gru": "The portal and the agents' back-office", "hub": "The console of the hub"}
    for product, entries in products.items():
        lines += ["", f"## {titles[product]}"]
        for entry in entries:
            if entry.shown_as:
                cells = [f"![{entry.shown_as}, {words.lower()}](images/screens/{name_of(product, entry, mode)})"
                         for mode, words in SHOWN.items()]  # fmt: skip
                lines += [
                    "",
                    f"### {entry.shown_as}",
                    "",
                    f"| {' | '.join(SHOWN.values())} |",
                    "|---|---|---|",
                    f"| {' | '.join(cells)} |",
                ]
    return "\n".join(lines) + "\n"
