"""The tests of a product's pages, written once: each product's `test_pages.py` calls them with its entries."""

import os
import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from tests.browser.harness import checks
from tests.browser.harness.checks import ask
from tests.browser.harness.pages import DAY, Entry, Mode, NoPage, routes
from tests.browser.harness.site import Shown, Site
from tests.browser.harness.validity import Checker

PHOTOGRAPHED = ("day", "night", "narrow")


def unnamed(entries: list[Entry], others: list[NoPage], machine: tuple[str, ...]) -> tuple[set[str], set[str]]:
    """Routes that no entry names, and entries whose route does not exist. `machine` are prefixes for programs."""
    table = {route for route in routes() if not route.startswith(machine)}
    named = {each.route for each in entries} | {each.route for each in others}
    return table - named, named - table - {""}


def expect(site: Site, entry: Entry, mode: Mode, checker: Checker) -> None:
    wrong = problems(site, entry, mode, checker)
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)


def problems(site: Site, entry: Entry, mode: Mode, checker: Checker) -> list[str]:
    """Everything wrong with a page in a mode, one sentence each."""
    shown = site.visit(entry, mode)
    if mode.name in PHOTOGRAPHED and os.environ.get("PHOTOGRAPHS"):
        site.photograph(shown, entry, mode)
    return _always(site, shown, entry) + MODES[mode.name](shown, checker)


def _always(site: Site, shown: Shown, entry: Entry) -> list[str]:
    wrong = []
    if shown.response.status != entry.status:
        wrong.append(f"status {shown.response.status}, {entry.status} awaited ({shown.page.url})")
    elif entry.submit is None and urlsplit(shown.page.url).path != urlsplit(entry.path(site.scenery.places)).path:
        wrong.append(f"redirected to {shown.page.url}")
    strangers = [each for each in shown.requests if not each.startswith((site.address, "data:", "blob:"))]
    return [*wrong, *(f"asked elsewhere: {each}" for each in strangers), *shown.complaints]


def _day(shown: Shown, checker: Checker) -> list[str]:
    page = shown.page
    served, drawn = checker.problems(shown.response.body()), checker.problems(page.content())
    return [
        *checks.axe(page, looks=shown.looks),
        *ask(page, "structure", "fr"),
        *ask(page, "unlabelled"),
        *ask(page, "sideways"),
        *(f"served HTML, {each}" for each in served),
        *(f"drawn HTML, {each}" for each in drawn if each not in served),
        *checks.skip_link(page),
        *ask(page, "unfocused"),
    ]


def _night(shown: Shown, checker: Checker) -> list[str]:
    return checks.axe(shown.page, checks.COLOURS)


def _narrow(shown: Shown, checker: Checker) -> list[str]:
    return [*ask(shown.page, "sideways"), *checks.axe(shown.page)]


def _narrow_night(shown: Shown, checker: Checker) -> list[str]:
    return [*ask(shown.page, "sideways"), *checks.axe(shown.page, checks.COLOURS), *checks.skip_link(shown.page)]


def _stretched(shown: Shown, checker: Checker) -> list[str]:
    return [*ask(shown.page, "sideways"), *ask(shown.page, "clipped")]


def _no_script(shown: Shown, checker: Checker) -> list[str]:
    return ask(shown.page, "dead")


def _english(shown: Shown, checker: Checker) -> list[str]:
    page = shown.page
    return [*ask(page, "structure", "en"), *checker.problems(shown.response.body())]


MODES: dict[str, Callable[[Shown, Checker], list[str]]] = {
    "day": _day,
    "night": _night,
    "narrow": _narrow,
    "narrow-night": _narrow_night,
    "double": _stretched,
    "spaced": _stretched,
    "no-script": _no_script,
    "english": _english,
}


def alike(site: Site, entries: list[Entry]) -> dict[str, list[str]]:
    """Titles that several routes share: in a list of tabs, nobody could tell these pages apart."""
    titles: dict[str, set[str]] = {}
    for entry in entries:
        if entry.submit is None and entry.status == 200:
            answer = site.context(DAY, entry.who).request.get(site.address + entry.path(site.scenery.places))
            title = re.search(r"<title>(.*?)</title>", answer.text(), re.DOTALL)
            titles.setdefault(" ".join(title[1].split()) if title else "", set()).add(entry.route)
    return {title: sorted(routes) for title, routes in titles.items() if len(routes) > 1}


def shows_no_page(site: Site, route: NoPage) -> list[str]:
    """A route said to show no page, asked as a browser would."""
    context = site.context(DAY, route.who)
    answer = context.request.get(
        site.address + "/" + (route.address or route.route).format(**site.scenery.places), max_redirects=0
    )
    kind = answer.headers.get("content-type", "")
    fine = {
        "post": answer.status == 405,
        "redirect": 300 <= answer.status < 400,
        "file": answer.status == 200 and "html" not in kind,
        "machine": "html" not in kind,
    }[route.why]
    return [] if fine else [f"/{route.route}: {answer.status} {kind}, {route.why} awaited"]
