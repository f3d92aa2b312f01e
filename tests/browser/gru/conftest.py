"""The GRU served to a browser: a town of its own for each journey, one town for all the pages."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from etoile.gru.access.models import Authority
from etoile.gru.accounts import proofs
from etoile.gru.backoffice.door import keys, passing
from etoile.gru.designer import receivers
from tests.browser.gru import federation_entries, procedures, scenery
from tests.browser.harness.pages import Mode
from tests.browser.harness.site import Site
from tests.browser.harness.visits import open_visit
from tests.gru.portal.conftest import make_town


@pytest.fixture
def town(transactional_db: None) -> Authority:
    cache.clear()
    return make_town()


@pytest.fixture
def visiting(chromium: Browser, live_server: Any, town: Authority) -> Iterator[Any]:
    """`visiting(mode, **context)` opens a browser of its own and returns a `Visit`."""
    opened = []

    def open_one(mode: Mode, **context: Any) -> Any:
        opened.append(open_visit(chromium, live_server.url, mode, **context))
        return opened[-1]

    yield open_one
    for visit in opened:
        visit.page.context.close()


@pytest.fixture(scope="module")
def site(
    request: pytest.FixtureRequest,
    browsers: Callable[[int], Browser],
    django_db_setup: None,
    django_db_blocker: Any,
) -> Iterator[Site]:
    """The town of the demonstration with something of everything; its database is emptied at the end."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patching:
        patching.setattr(receivers, "rehearse", procedures.hub)
        patching.setattr(settings, "IDENTITY", federation_entries.IDENTITY)
        # What opens for minutes must outlive the pages that are visited before it, on the slowest machine.
        for where, name in ((passing, "SECONDS"), (keys, "TO_ADD")):
            patching.setattr(where, name, 24 * 3600)
        patching.setattr(proofs, "LIFE", timedelta(days=1))
        cache.clear()
        server = LiveServer("localhost")
        site = Site("gru", server.url, browsers, once="light" in request.config.option.markexpr)
        try:
            site.scenery = scenery.build()
            yield site
        finally:
            site.close()
            server.stop()
            call_command("flush", interactive=False, inhibit_post_migrate=True, verbosity=0)
            with connection.cursor() as cursor:
                cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_periodic_defers CASCADE")
            connection.close()
