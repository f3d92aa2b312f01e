"""Chromium and the HTML checker, for both products. Without them these tests are skipped on a desk, and fail in CI."""

import os
from collections.abc import Callable, Iterator

import pytest
from bench.chromium import CHROMIUM, OPTIONS
from django.db import connections
from playwright.sync_api import Browser, sync_playwright

from tests.browser.harness import validity

# The sync API of Playwright keeps a loop running in this thread: Django must be told that it is not serving from it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def absent(what: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(f"{what} is absent: see `make browser`")
    pytest.skip(f"{what} is absent: see `make browser`")


@pytest.fixture(scope="session", autouse=True)
def connections_let_go(django_db_setup: None) -> None:
    """The served product lets a database connection go with each request.

    A browser keeps its own connections open for each mode and each person, and the thread behind each of them would
    keep one of the database's: by the end of all the pages there were more than the server has.
    """
    for alias in connections:
        connections[alias].settings_dict["CONN_MAX_AGE"] = 0


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        absent("Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def browsers(chromium: Browser) -> Iterator[Callable[[int], Browser]]:
    """By the size of letters chosen in the settings of the browser, in pixels; another one starts when it is asked."""
    started = {16: chromium}

    def of(letters: int) -> Browser:
        if letters not in started:
            sizes = f"--blink-settings=defaultFontSize={letters},defaultFixedFontSize={letters * 13 // 16}"
            started[letters] = chromium.browser_type.launch(executable_path=CHROMIUM, args=[*OPTIONS, sizes])
        return started[letters]

    yield of
    for browser in started.values():
        if browser is not chromium:
            browser.close()


@pytest.fixture(scope="session")
def checker() -> Iterator[validity.Checker]:
    if validity.JAVA is None:
        absent("Java, which the HTML checker runs on,")
    checker = validity.Checker()
    yield checker
    checker.close()
