"""A browser of ours that goes to a simulated platform on a real socket, chooses somebody there and comes back."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode, urlsplit

import urllib3
from django.test import Client

from etoile.doubles.identity.double import CLIENT_ID, CLIENT_SECRET
from etoile.doubles.identity.platforms import Platform
from etoile.doubles.identity.provider import Client as Registered
from etoile.doubles.identity.provider import Provider
from etoile.sdk.testing import serve

HOST = "http://testserver"
HTTP = urllib3.PoolManager(retries=False, timeout=30)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@contextmanager
def served(platform: Platform, start: str) -> Iterator[tuple[Provider, str]]:
    """The simulated platform of agents on a real socket, which knows the addresses under `start`; and its issuer."""
    known = Registered(CLIENT_ID, CLIENT_SECRET, (f"{HOST}{start}retour/",), (f"{HOST}{start}fin/",), "RS256")
    provider = Provider(platform, known)
    with serve(provider.faults) as address:
        yield provider, f"{address}/api/v2"
    HTTP.clear()


def gone(client: Client, start: str, person: str, **given: str) -> str:
    """The address by which the platform sends this browser back, once `person` was chosen there."""
    sent = client.post(start, given)
    assert sent.status_code == 302, sent.content
    address = sent["Location"]
    page = HTTP.request("GET", address).data.decode()
    interaction = re.search(r'name="interaction" value="([^"]+)"', page)
    assert interaction is not None, page
    where = f"{address.partition('/authorize')[0]}/interaction"
    body = urlencode({"interaction": interaction[1], "person": person})
    chosen = HTTP.request("POST", where, body=body, headers=FORM, redirect=False)
    back = urlsplit(chosen.headers["location"])
    return f"{back.path}?{back.query}"


def come_back(client: Client, start: str, person: str, **given: str) -> Any:
    return client.get(gone(client, start, person, **given))
