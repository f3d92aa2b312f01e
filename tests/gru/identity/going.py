"""A browser of ours that goes to a simulated platform on a real socket, chooses somebody there and comes back."""

import re
from typing import Any
from urllib.parse import urlencode, urlsplit

import urllib3
from django.test import Client

HTTP = urllib3.PoolManager(retries=False, timeout=5)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


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
