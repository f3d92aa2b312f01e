"""The console served to a browser, with its style sheets taken where they are written."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from etoile.contract.identifiers import uuid7
from etoile.hub.delivery.models import Delivery
from etoile.hub.registry.models import Operator
from tests.browser.harness.site import Site
from tests.browser.hub import scenery
from tests.hub.conftest import DELIVERING, emptied, load_star, town
from tests.hub.console.conftest import delivery, event, star

__all__ = ["delivery", "emptied", "event", "load_star", "star", "town"]
PASSWORD = "une phrase de passe assez longue"


@pytest.fixture(scope="module")
def site(
    request: pytest.FixtureRequest,
    browsers: Callable[[int], Browser],
    django_db_setup: None,
    django_db_blocker: Any,
) -> Iterator[Site]:
    """A town at work, with something of everything; its database is emptied at the end, but for the journal."""
    served = override_settings(WHITENOISE_USE_FINDERS=True, WHITENOISE_AUTOREFRESH=True)
    with django_db_blocker.unblock(), served:
        cache.clear()
        server = LiveServer("localhost")
        site = Site("hub", server.url, browsers, once="light" in request.config.option.markexpr)
        try:
            site.scenery = scenery.build()
            yield site
        finally:
            site.close()
            server.stop()
            with connection.cursor() as cursor:
                cursor.execute(f"TRUNCATE journal_message, journal_message_key, {', '.join(DELIVERING)}")
            call_command("flush", interactive=False, inhibit_post_migrate=False, verbosity=0)
            connection.close()


@pytest.fixture(scope="module")
def address(django_db_setup: None) -> Iterator[str]:
    """The console served with its style sheets, taken where they are written."""
    with override_settings(WHITENOISE_USE_FINDERS=True, WHITENOISE_AUTOREFRESH=True):
        server = LiveServer("localhost")
        yield server.url
        server.stop()


@pytest.fixture
def waiting(emptied: None, town: Any, delivery: Delivery) -> Delivery:
    """A delivery that failed twice and waits for its third try."""
    now = timezone.now()
    Delivery.objects.update(
        state="retry_scheduled", attempts=2, due=now + timedelta(hours=1), detail="L’application ne répond pas."
    )
    with connection.cursor() as cursor:
        for number in (1, 2):
            cursor.execute(
                "INSERT INTO delivery_attempt"
                " (id, delivery_id, number, worker, started_at, finished_at, outcome, detail)"
                " VALUES (%s, %s, %s, 'w', %s, %s, 'retry', 'connexion refusée')",
                [uuid7(), delivery.pk, number, now, now],
            )
    return Delivery.objects.get()


@pytest.fixture
def person(transactional_db: None) -> Operator:
    cache.clear()
    person = Operator(email="exploitante@example.org", name="Léa Martin", role="administrator")
    person.set_password(PASSWORD)
    person.save()
    return person


@pytest.fixture
def visiting(chromium: Browser, address: str, person: Operator) -> Iterator[Callable[..., Page]]:
    """`visiting(width)` opens a page of the console, signed in unless told."""
    opened = []

    def visit(width: int = 1280, *, signed_in: bool = True, **context: Any) -> Page:
        view = chromium.new_context(
            base_url=address, locale="fr-FR", viewport={"width": width, "height": 900}, **context
        )
        opened.append(view)
        if signed_in:
            client = Client()
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
            name = settings.SESSION_COOKIE_NAME
            view.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])
        return view.new_page()

    yield visit
    for view in opened:
        view.close()
