"""The form of the criteria, with the names it offers, and the address that carries them from page to page."""

from collections.abc import Mapping
from urllib.parse import urlencode

from etoile.hub.catalogue.models import MessageType
from etoile.hub.console import words
from etoile.hub.console.forms import DeliveryFilter
from etoile.hub.console.paging import AFTER, BEFORE
from etoile.hub.registry.models import Application


def filter_of(given: Mapping[str, str]) -> DeliveryFilter:
    """Two statements."""
    types = sorted(((name, words.kind(name)) for name in _types()), key=lambda each: each[1])
    return DeliveryFilter(given or None, applications=application_choices(), types=types)


def application_choices() -> list[tuple[str, str]]:
    return [(str(key), name) for key, name in Application.objects.order_by("name").values_list("pk", "name")]


def chosen_in(given: Mapping[str, str]) -> str:
    """The criteria alone, as they stand in an address."""
    return urlencode({name: value for name, value in given.items() if value and name not in (AFTER, BEFORE, "order")})


def _types() -> list[str]:
    return list(MessageType.objects.filter(in_force=True).values_list("type", flat=True))
