"""Every route asks who is there, or is declared public by name."""

import json
import os
import subprocess
import sys

import pytest

from tests.architecture.tree import ROOT

LIST_ROUTES = """
import json, sys
import django
django.setup()
from django.urls import get_resolver, URLPattern
from django.conf import settings
from importlib import import_module
public = set(import_module(settings.ROOT_URLCONF).PUBLIC_ROUTES)

def walk(patterns, prefix=""):
    for entry in patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route, entry
        else:
            yield from walk(entry.url_patterns, route)

def guarded(callback):
    seen = set()
    while callback is not None and id(callback) not in seen:
        seen.add(id(callback))
        if getattr(callback, "guarded", None):
            return True
        callback = getattr(callback, "__wrapped__", None)
    return False

routes = [(route, guarded(entry.callback), route in public) for route, entry in walk(get_resolver().url_patterns)]
json.dump({"routes": routes, "public": sorted(public)}, sys.stdout)
"""


def routes_of(product: str) -> dict:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": f"etoile.{product}.settings",
        "ETOILE_ENV": "test",
        f"{product.upper()}_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",
    }
    run = subprocess.run(
        [sys.executable, "-c", LIST_ROUTES], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr[-4000:]
    return json.loads(run.stdout)


@pytest.mark.parametrize("product", ["hub", "gru"])
def test_every_route_is_guarded_or_declared_public(product):
    found = routes_of(product)
    assert len(found["routes"]) > 5
    assert [route for route, guarded, public in found["routes"] if not guarded and not public] == []


@pytest.mark.parametrize("product", ["hub", "gru"])
def test_no_public_route_is_declared_that_does_not_exist(product):
    found = routes_of(product)
    assert set(found["public"]) - {route for route, _, _ in found["routes"]} == set()
