"""Certificates over real connections: ours before anything leaves, the server's in words that say what to do."""

import socket
import threading
from contextlib import contextmanager, suppress
from dataclasses import replace

import pytest
from tests.sdk.certificates import DAY, NOW, Authority, server_side

from etoile.sdk import Door, DoorError
from etoile.sdk.answers import without_answer
from etoile.sdk.door import Certificate
from etoile.sdk.door.certificates import day
from etoile.sdk.testing import serve

AUTHORITY, STRANGER = Authority(), Authority("Une autre autorité")
TOWN = AUTHORITY.give("ville")


class Site:
    def __init__(self):
        self.asked = 0

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return
        self.asked += 1
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})


@contextmanager
def served(site, folder, pair=None, *, clients=None):
    """Gives the address of a site and the door that may reach it."""
    tls = server_side(pair or AUTHORITY.give("localhost"), folder, clients=clients)
    with serve(site, tls=tls) as address:
        url = address.replace("127.0.0.1", "localhost")
        yield url, Door([url.partition("://")[2]], authorities=AUTHORITY.pem)


async def refused(door, url, **settings) -> DoorError:
    async with door:
        with pytest.raises(DoorError) as caught:
            await door.request("POST", url, data=b"{}", timeout=5, **settings)
    assert caught.value.maybe_sent is False
    return caught.value


def shown(pair=TOWN, **changes) -> Certificate:
    return replace(Certificate(pair.pem, pair.key(), owner="services-techniques"), **changes)


async def test_an_application_that_asks_for_our_certificate_gets_it_and_nobody_else_s_connection(tmp_path):
    site = Site()
    with served(site, tmp_path, clients=AUTHORITY) as (url, door):
        async with door:
            for owner in ("a", "b", "a"):
                assert (await door.request("GET", url, certificate=shown(owner=owner))).status == 200
            (session,) = door._sessions.values()
            contexts = {key.ssl for key in session.connector._conns}
    assert (site.asked, len(contexts)) == (3, 2)


async def test_a_key_kept_closed_opens_with_its_passphrase(tmp_path):
    closed = shown(key=TOWN.key("sésame"), passphrase="sésame")
    with served(Site(), tmp_path, clients=AUTHORITY) as (url, door):
        async with door:
            assert (await door.request("GET", url, certificate=closed)).status == 200


@contextmanager
def strict(folder):
    """A server that answers nothing, and says by an alert of TLS why it takes no certificate (asyncio's do not)."""
    context = server_side(AUTHORITY.give("localhost"), folder, clients=AUTHORITY)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def run():
            with suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    with connection, suppress(OSError):
                        context.wrap_socket(connection, server_side=True)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)


@pytest.mark.parametrize(
    ("certificate", "words"),
    [(None, "demande un certificat client"), (shown(STRANGER.give("ville")), "refuse notre certificat client")],
)
async def test_without_our_certificate_or_with_another_s_it_is_said(tmp_path, certificate, words):
    with strict(tmp_path) as port:
        door = Door([f"localhost:{port}"], authorities=AUTHORITY.pem)
        error = await refused(door, f"https://localhost:{port}/", certificate=certificate)
    assert (error.kind, words in error.message) == ("access", True), error.message


@pytest.mark.parametrize(
    ("begins", "ends", "words"),
    [
        (NOW - 90 * DAY, NOW - 2 * DAY, f"a expiré le {day(NOW - 2 * DAY)} : demandez-en un nouveau"),
        (NOW + 2 * DAY, NOW + 90 * DAY, f"qu'à partir du {day(NOW + 2 * DAY)} : attendez"),
    ],
)
async def test_our_certificate_out_of_its_time_is_said_before_anything_is_opened(begins, ends, words):
    # Nobody listens there: to have connected would be another error.
    door = Door(["localhost:1"], authorities=AUTHORITY.pem)
    error = await refused(door, "https://localhost:1/", certificate=shown(AUTHORITY.give("ville", begins, ends)))
    assert (error.kind, words in error.message) == ("access", True), error.message
    assert without_answer(error).kind == "fix_configuration"
    assert without_answer(error).message == error.message


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"chain": "azerty"}, "BEGIN CERTIFICATE"),
        ({"key": "azerty"}, "n'est pas lisible"),
        ({"key": AUTHORITY.give("ville").key()}, "ne va pas avec"),
        ({"key": TOWN.key("sésame")}, "est protégée"),
        ({"key": TOWN.key("sésame"), "passphrase": "azerty"}, "mot de passe"),
        ({"passphrase": "azerty"}, "n'est pas protégée"),
    ],
)
async def test_secrets_that_are_no_certificate_are_named_for_what_they_are(wrong, words):
    error = await refused(Door(["localhost:1"]), "https://localhost:1/", certificate=shown(**wrong))
    assert (error.kind, words in error.message) == ("access", True), error.message
    assert "azerty" not in error.message + repr(shown(**wrong))


@pytest.mark.parametrize(
    ("begins", "ends", "words"),
    [
        (NOW - 90 * DAY, NOW - 2 * DAY, f"« localhost » a expiré le {day(NOW - 2 * DAY)} : demandez à son éditeur"),
        (NOW + 2 * DAY, NOW + 90 * DAY, f"« localhost » n'est valable qu'à partir du {day(NOW + 2 * DAY)}"),
    ],
)
async def test_the_date_of_the_certificate_of_an_application_is_said(tmp_path, begins, ends, words):
    site = Site()
    with served(site, tmp_path, AUTHORITY.give("localhost", begins, ends)) as (url, door):
        error = await refused(door, url)
    assert (error.kind, words in error.message, site.asked) == ("tls", True, 0), error.message
    assert without_answer(error).message == error.message


async def test_a_certificate_of_another_name_or_of_an_unknown_authority_is_refused_and_explained(tmp_path):
    with served(Site(), tmp_path, AUTHORITY.give("ailleurs")) as (url, door):
        error = await refused(door, url)
    assert (error.kind, "n'est pas à ce nom" in error.message) == ("tls", True), error.message
    with served(Site(), tmp_path, STRANGER.give("localhost")) as (url, door):
        error = await refused(door, url)
    assert (error.kind, "autorité" in error.message) == ("tls", True), error.message
