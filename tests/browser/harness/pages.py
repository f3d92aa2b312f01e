"""Which pages there are, how each is reached, and the modes they are read in.

Each product names its pages in a list of `Entry`; a route of its URL table without an entry, or an entry without its
route, fails `tests/browser/*/test_pages.py`: a new page cannot be forgotten.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

NOBODY = ""


@dataclass(frozen=True)
class Entry:
    """A page in one of its states.

    `route` is written as in the URL table; `address` is the same with the names of `Scenery.places` in braces, the
    route itself if nothing is to be filled in. `submit` is the end of the address of the form sent to come to this
    state, with what is typed in it (`fill`, by name) and the name of the button. `who` opens it.
    """

    route: str
    state: str = ""
    address: str = ""
    who: str = NOBODY
    status: int = 200
    submit: str | None = None
    fill: dict[str, str] = field(default_factory=dict)
    button: str = ""
    shown_as: str = ""

    @property
    def name(self) -> str:
        return " ".join(filter(None, (f"/{self.route}", self.state)))

    def path(self, places: dict[str, str]) -> str:
        """Raises KeyError for a place the scenery does not have."""
        return "/" + (self.address or self.route).format(**places)


@dataclass(frozen=True)
class NoPage:
    """A route without a page: `why` is `post` (asked otherwise: 405), `file` or `machine` (not HTML), `redirect`."""

    route: str
    why: str
    address: str = ""
    who: str = NOBODY


@dataclass(frozen=True)
class Mode:
    """How a person reads: colours, width and size of letters in CSS pixels, and what they changed.

    `reached`: from a page already open by day, as by somebody whose evening falls or who narrows the window;
    `style` needs it.
    """

    name: str
    scheme: str = "light"
    width: int = 1280
    scripts: bool = True
    locale: str = "fr-FR"
    style: str = ""
    letters: int = 16
    reached: bool = False

    def __str__(self) -> str:
        return self.name


# WCAG 1.4.12.
SPACING = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
    " p { margin-bottom: 2em !important }"
)
DAY = Mode("day")
MODES = (
    DAY,
    Mode("night", scheme="dark", reached=True),
    Mode("narrow", width=320, reached=True),
    Mode("spaced", width=640, style=SPACING, reached=True),
    # Loaded so, as on a telephone.
    Mode("narrow-night", scheme="dark", width=320),
    # The size of letters chosen in the settings of the browser (WCAG 1.4.4).
    Mode("double", letters=32),
    Mode("no-script", scripts=False),
    Mode("english", locale="en-GB"),
)


def routes(patterns: Any = None, prefix: str = "") -> Iterator[str]:
    """Every address of the product's URL table."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(each.pattern)
        if isinstance(each, URLPattern):
            yield route
        elif isinstance(each, URLResolver):
            yield from routes(each.url_patterns, route)


def visits(entries: list[Entry]) -> list[Any]:
    """Parameters (entry, mode): the whole matrix; the first state of each route by day is marked `light`."""
    met: set[str] = set()
    found = []
    for entry in entries:
        for mode in MODES:
            first = mode is DAY and entry.route not in met
            marks = [pytest.mark.light] if first else []
            found.append(pytest.param(entry, mode, id=f"{entry.name} [{mode}]", marks=marks))
        met.add(entry.route)
    return found
