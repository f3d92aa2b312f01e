"""The same exchange over SFTP, with a server that behaves as badly as real ones."""

import asyncssh
import pytest

from etoile.connectors.file_drop.double import KINDS, PASSWORD, USER, SftpDouble
from etoile.connectors.file_drop.returning import RETURNED
from etoile.sdk import Door, DoorError, exchanges
from etoile.sdk.testing import EventFactory, serve

EVENTS = EventFactory()
CLIENT_KEY = asyncssh.generate_private_key("ssh-ed25519")


def event(**data):
    return EVENTS.make(data={"documents": [], **data})


@pytest.fixture
async def server(shared):
    async with SftpDouble(shared, authorized_key=CLIENT_KEY.convert_to_public()) as double:
        yield double


@pytest.fixture
async def bench(bench, server):
    """The bench of the folder, by another way: all that it does is the same."""
    bench.place = {
        "kind": "sftp",
        "host": "127.0.0.1",
        "port": server.port,
        "username": USER,
        "authentication": {"kind": "password"},
        "host_keys": [server.fingerprint],
    }
    bench.secrets = {"password": PASSWORD}
    async with Door([server.address]) as door:
        bench.door = door
        yield bench


async def test_a_request_is_one_file_and_another_attempt_doubles_nothing(bench):
    made = event()
    first, second = await bench.deliver(made), await bench.deliver(made, attempt=2)
    assert (first.kind, second.kind, first.external_id) == ("acknowledged", "acknowledged", second.external_id)
    assert bench.files() == [f"{first.external_id}.csv"]
    content = (bench.shared / "in" / bench.files()[0]).read_text()
    assert made.data["case"]["reference"] in content


async def test_a_private_key_opens_too_and_the_whole_key_of_the_server_will_do(bench, server):
    bench.place |= {
        "authentication": {"kind": "key", "passphrase_secret": "phrase"},
        "host_keys": [server.key.export_public_key().decode().strip()],
    }
    secret = CLIENT_KEY.export_private_key("pkcs8-pem", passphrase="phrase").decode()
    outcome = await bench.deliver(event(), secrets={"private_key": secret, "phrase": "phrase"})
    assert (outcome.kind, server.logins) == ("acknowledged", 1)


async def test_a_server_with_another_key_is_told_nothing(bench, server):
    server.fault = "other_host_key"
    outcome = await bench.deliver(event())
    assert (outcome.kind, server.logins, bench.files()) == ("fix_configuration", 0, [])
    assert "SHA256:" in outcome.message
    assert server.fingerprint not in outcome.message


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        ("unauthorized", "fix_configuration", "refuse nos identifiants"),
        ("weak_algorithms", "fix_configuration", "chiffrement sûr"),
        ("disk_full", "retry", "plein"),
        ("error", "retry", "plein"),
        ("cut_while_writing", "retry", "ne répond pas"),
        ("write_then_fail", "retry", "ne répond pas"),
        ("rename_refused", "fix_configuration", "renommer"),
        ("forbidden", "fix_configuration", "« in »"),
        ("slow", "retry", "à temps"),
        ("time_out", "retry", "à temps"),
        ("down", "retry", "ne répond pas"),
        ("not_found", "fix_configuration", "n’existe pas"),
        ("shortened", "retry", "pas complet"),
    ],
)
async def test_each_fault_is_told_and_the_next_attempt_leaves_one_whole_file(bench, server, fault, kind, words):
    made = event()
    server.fault = fault
    outcome = await bench.deliver(made, timeout=0.5 if fault in ("slow", "time_out") else 5)
    assert (outcome.kind, words in outcome.message) == (kind, True), outcome
    whole = [each for each in bench.files() if not each.startswith(".")]
    assert len(whole) == (1 if fault == "write_then_fail" else 0)
    server.fault = None
    again = await bench.deliver(made, attempt=2)
    assert (again.kind, bench.files()) == ("acknowledged", [f"{again.external_id}.csv"])
    assert (bench.shared / "in" / bench.files()[0]).read_bytes().startswith(b"Reference;Libelle\r\n26-")


@pytest.mark.parametrize(
    ("secrets", "words"),
    [({}, "« password » n’est pas réglé"), ({"password": "faux"}, "refuse nos identifiants")],
)
async def test_a_missing_or_wrong_secret_is_named(bench, secrets, words):
    outcome = await bench.deliver(event(), secrets=secrets)
    assert (outcome.kind, words in outcome.message) == ("fix_configuration", True)
    assert "faux" not in f"{outcome}"


async def test_a_key_that_cannot_be_read_is_named(bench):
    bench.place |= {"authentication": {"kind": "key"}}
    outcome = await bench.deliver(event(), secrets={"private_key": "not a key"})
    assert (outcome.kind, "« private_key »" in outcome.message) == ("fix_configuration", True)


async def test_a_server_of_the_inside_is_refused_unless_allowed(bench, server):
    async with Door() as door:
        outcome = await bench.deliver(event(), http=door)
    assert (outcome.kind, server.logins) == ("fix_configuration", 0)


async def test_a_server_that_is_not_there_is_tried_again(bench, server):
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


async def test_the_evidence_names_the_file_and_no_secret(bench):
    with exchanges.recorded() as calls:
        outcome = await bench.deliver(event())
    [call] = calls
    assert call.url.endswith(f"/in/{outcome.external_id}.csv")
    assert (call.method, call.status, PASSWORD in repr(call)) == ("PUT", 201, False)


async def test_returned_files_are_read_archived_and_put_aside(bench):
    out = bench.shared / "out"
    (out / "a.csv").write_text("Numero;Etat;Date\n26-1;CLOS;2026-11-24\n")
    cursor, told = await bench.poll_all()
    assert ([number for number, _ in told], bench.files("out/archive")) == (["26-1"], ["a.csv"])
    (out / "b.csv").write_text("rien")
    await bench.poll_all(cursor)
    assert bench.files("out/quarantaine") == ["b.csv", "b.csv.motif.txt"]


def test_every_kind_that_the_server_shows_is_tried():
    tried = {"unauthorized", "weak_algorithms", "disk_full", "error", "cut_while_writing", "write_then_fail"}
    tried |= {"rename_refused", "forbidden", "slow", "time_out", "down", "not_found", "shortened", "other_host_key"}
    assert tried | RETURNED == KINDS


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (None, [["INSTRUIT"], ["CLOS"]]),
        ("lost_notification", [[], ["CLOS"]]),
        ("out_of_order", [[], ["CLOS", "INSTRUIT"]]),
        ("duplicate", [["INSTRUIT"], ["CLOS"]]),
        ("wrong_charset", "quarantine"),
        ("renamed", "quarantine"),
        ("truncated", "quarantine"),
    ],
)
async def test_what_the_application_gives_back_badly_is_told_once_or_put_aside(bench, server, fault, told):
    server.faults.set(fault, count=1)
    cursor, seen = None, []
    for code in ("INSTRUIT", "CLOS"):
        server.returning.move("26-1", code)
        if told == "quarantine" and not seen:
            with pytest.raises(DoorError, match=r"mis de côté|quarantaine"):
                await bench.poll_once(cursor)
            seen = ["quarantine"]
            continue
        cursor, returned = await bench.poll_all(cursor)
        seen.append([each.business_code for _, each in returned])
    assert seen == (["quarantine", ["CLOS"]] if told == "quarantine" else told)
    assert len(server.about.held()) > 0


@pytest.mark.parametrize("fault", ["write_then_fail", "rename_refused"])
async def test_an_archive_that_fails_is_done_again_and_no_row_is_lost(bench, server, fault):
    (bench.shared / "out" / "a.csv").write_text("Numero;Etat;Date\n26-1;CLOS;2026-11-24\n")
    first = await bench.poll_once()
    server.fault = fault
    with pytest.raises(Exception, match=r"répond|renommer"):
        await bench.poll_once(first.cursor)
    server.fault = None
    _, told = await bench.poll_all(first.cursor)
    assert (told, bench.files("out"), bench.files("out/archive")) == ([], [], ["a.csv"])


async def test_the_check_says_each_thing_and_leaves_nothing(bench, server):
    checks = await bench.connector.check(bench.context())
    assert [each.ok for each in checks] == [True] * len(checks)
    assert [bench.files(name) for name in ("in", "out", "out/archive", "out/quarantaine")] == [[], [], [], []]


@pytest.mark.parametrize(
    ("fault", "failed"),
    [
        ("unauthorized", ["credentials"]),
        ("other_host_key", ["credentials"]),
        ("forbidden", ["drop.folder", "poll.folder", "poll.archive", "poll.quarantine"]),
        ("rename_refused", ["drop.folder", "poll.folder", "poll.archive", "poll.quarantine"]),
    ],
)
async def test_the_check_finds_what_would_fail_later(bench, server, fault, failed):
    server.fault = fault
    checks = await bench.connector.check(bench.context())
    assert [each.name for each in checks if not each.ok] == failed
    assert bench.files() == []
