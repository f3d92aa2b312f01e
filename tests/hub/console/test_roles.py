"""Each role on each route of the console: the matrix is made from the URLconf, a new page is in it at once."""

import re

import pytest
from django.urls import URLPattern, URLResolver

from etoile.hub.console import urls
from etoile.hub.registry.models import RANKS, Operator, Role
from etoile.hub.urls import PUBLIC_ROUTES

PLACES = {"uuid:": "01980f3e-0d6d-7000-8000-000000000018", "int:": "1"}


def routes(patterns, prefix="console/"):
    for each in patterns:
        path = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, path)
        elif isinstance(each, URLPattern) and path not in PUBLIC_ROUTES:
            yield path, each.callback


ROUTES = list(routes(urls.urlpatterns))


def address(route: str) -> str:
    return "/" + re.sub(r"<(\w+:)?\w+>", lambda match: PLACES.get(match[1] or "", "inconnu"), route)


def test_every_route_says_the_role_it_asks_for():
    assert len(ROUTES) > 8
    assert {callback.guarded for _, callback in ROUTES} <= set(Role.values)


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize(("route", "callback"), ROUTES, ids=[route for route, _ in ROUTES])
def test_a_role_opens_what_it_may_and_is_refused_the_rest(client, db, route, callback, role):
    person = Operator.objects.create(email="quelquun@example.org", role=role)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    allowed = RANKS[role] >= RANKS[callback.guarded]
    for method in (client.get, client.post):
        answer = method(address(route))
        assert (answer.status_code == 403) != allowed
        if not allowed:
            assert "Votre rôle ne permet pas cela" in answer.content.decode()
            assert answer.headers["Cache-Control"] == "no-store"


def test_what_changes_something_is_not_for_readers():
    changing = [route for route, callback in ROUTES if "decision" in route or "contenu" in route]
    assert changing
    assert all(callback.guarded != Role.READER for route, callback in ROUTES if route in changing)


def test_a_closed_account_comes_in_no_more(client, operator):
    Operator.objects.update(is_active=False)
    assert client.get("/console/").status_code == 302
