"""What only SFTP has: the key of the server, the key of the caller, expired passwords."""

import asyncssh
import pytest

from etoile.connectors.file_drop.double import PASSWORD, SftpDouble
from etoile.sdk import Door
from etoile.sdk.testing import EventFactory, serve

EVENTS = EventFactory()
CLIENT_KEY = asyncssh.generate_private_key("ssh-ed25519")


def event():
    return EVENTS.make(data={"documents": []})


@pytest.fixture
async def server(shared):
    async with SftpDouble(shared, authorized_key=CLIENT_KEY.convert_to_public()) as double:
        yield double


@pytest.fixture
async def bench(bench, server):
    bench.place = server.place
    bench.secrets = {"password": PASSWORD}
    async with Door([server.address]) as door:
        bench.door = door
        yield bench


async def test_a_private_key_opens_too_and_the_whole_key_of_the_server_will_do(bench, server):
    bench.place |= {
        "authentication": {"kind": "key", "passphrase_secret": "phrase"},
        "host_keys": [server.key.export_public_key().decode().strip()],
    }
    secret = CLIENT_KEY.export_private_key("pkcs8-pem", passphrase="phrase").decode()
    outcome = await bench.deliver(event(), secrets={"private_key": secret, "phrase": "phrase"})
    assert (outcome.kind, server.logins) == ("acknowledged", 1)


async def test_a_server_with_another_key_is_told_nothing_and_both_prints_are_said(bench, server):
    server.faults.set("other_host_key")
    outcome = await bench.deliver(event())
    assert (outcome.kind, server.logins, bench.files()) == ("fix_configuration", 0, [])
    assert f"Attendue : {server.fingerprint}." in outcome.message
    [received] = outcome.message.partition("Reçue : ")[2].split()[:1]
    assert received.startswith("SHA256:")
    assert received.rstrip(".") != server.fingerprint


@pytest.mark.parametrize("fault", ["other_host_key", "weak_algorithms"])
async def test_a_fault_shown_once_before_anybody_comes_in_is_over_for_the_next(bench, server, fault):
    made = event()
    server.faults.set(fault, count=1)
    assert (await bench.deliver(made)).kind == "fix_configuration"
    assert (await bench.deliver(made, attempt=2)).kind == "acknowledged"


async def test_without_a_key_in_the_settings_nothing_is_sent_and_the_check_says_the_one_received(bench, server):
    bench.place |= {"host_keys": []}
    outcome = await bench.deliver(event())
    assert (outcome.kind, server.logins, bench.files()) == ("fix_configuration", 0, [])
    [check] = await bench.connector.check(bench.context())
    assert (check.ok, server.fingerprint in check.message, "de vive voix" in check.message) == (False, True, True)


async def test_an_expired_password_is_told_apart_from_a_wrong_one(bench, server):
    server.faults.set("unauthorized")
    expired = await bench.deliver(event())
    server.faults.set(None)
    wrong = await bench.deliver(event(), secrets={"password": "faux"})
    assert ("a expiré" in expired.message, "a expiré" in wrong.message) == (True, False)
    assert {expired.kind, wrong.kind} == {"fix_configuration"}


async def test_a_key_that_cannot_be_read_is_named(bench):
    bench.place |= {"authentication": {"kind": "key"}}
    outcome = await bench.deliver(event(), secrets={"private_key": "not a key"})
    assert (outcome.kind, "« private_key »" in outcome.message) == ("fix_configuration", True)


async def test_a_server_that_is_not_there_is_tried_again(bench):
    bench.place |= {"port": 1}
    async with Door(["127.0.0.1:1"]) as door:
        assert (await bench.deliver(event(), http=door)).kind == "retry"


async def test_something_that_is_not_sftp_is_tried_again(bench):
    async def page(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"a web page"})

    with serve(page) as address:
        host = address.partition("://")[2]
        bench.place |= {"port": int(host.rpartition(":")[2])}
        async with Door([host]) as door:
            assert (await bench.deliver(event(), http=door, timeout=2)).kind == "retry"


async def test_the_double_shows_what_it_holds_and_never_what_is_in_it(bench, server):
    outcome = await bench.deliver(event())
    [file] = server.about.held()
    assert (file["fichier"], set(file)) == (f"in/{outcome.external_id}.csv", {"fichier", "octets", "modifié"})
