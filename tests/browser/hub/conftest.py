"""The console served to a browser, with its style sheets taken where they are written."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.browser.harness.site import Site
from tests.browser.hub import scenery
from tests.hub.conftest import DELIVERING


@pytest.fixture(scope="module")
def site(chromium: Browser, django_db_setup: None, django_db_blocker: Any) -> Iterator[Site]:
    """A town at work, with something of everything; its database is emptied at the end, but for the journal."""
    served = override_settings(WHITENOISE_USE_FINDERS=True, WHITENOISE_AUTOREFRESH=True)
    with django_db_blocker.unblock(), served:
        cache.clear()
        server = LiveServer("localhost")
        site = Site("hub", server.url, chromium)
        try:
            site.scenery = scenery.build()
            yield site
        finally:
            site.close()
            server.stop()
            with connection.cursor() as cursor:
                cursor.execute(f"TRUNCATE journal_message, journal_message_key, {', '.join(DELIVERING)}")
            call_command("flush", interactive=False, inhibit_post_migrate=True, verbosity=0)
            connection.close()
