"""The same exchange over WebDAV."""

import pytest

from etoile.connectors.file_drop.double import PASSWORD, USER
from etoile.connectors.file_drop.webdav_double import WebDavDouble
from etoile.sdk import Door
from etoile.sdk.testing import EventFactory, serve

EVENTS = EventFactory()


def event(**data):
    return EVENTS.make(data={"documents": [], **data})


@pytest.fixture
def server(shared):
    return WebDavDouble(shared)


@pytest.fixture
async def bench(bench, server):
    with serve(server.application) as address:
        bench.place = {
            "kind": "webdav",
            "url": address,
            "authentication": {"kind": "basic", "username": USER},
        }
        bench.secrets = {"password": PASSWORD}
        async with Door([address.partition("://")[2]]) as door:
            bench.door = door
            yield bench


async def test_a_request_is_one_file_and_another_attempt_doubles_nothing(bench, server):
    made = event()
    drop = {"checksum": True, "marker": ".ok"}
    first, second = await bench.deliver(made, drop=drop), await bench.deliver(made, drop=drop, attempt=2)
    assert (first.kind, second.kind, first.external_id) == ("acknowledged", "acknowledged", second.external_id)
    name = f"{first.external_id}.csv"
    assert bench.files() == [name, f"{name}.ok", f"{name}.sha256"]
    assert made.data["case"]["reference"] in (bench.shared / "in" / name).read_text()
    assert server.chunked == 0


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        ("disk_full", "retry", "plein"),
        ("shortened", "retry", "pas complet"),
        ("cut_while_writing", "retry", "ne répond pas"),
        ("write_then_fail", "retry", "ne répond pas"),
        ("rename_refused", "fix_configuration", "renommer"),
        ("forbidden", "fix_configuration", "« in »"),
    ],
)
async def test_each_fault_is_told_and_the_next_attempt_leaves_one_whole_file(bench, server, fault, kind, words):
    made = event()
    server.fault = fault
    outcome = await bench.deliver(made)
    assert (outcome.kind, words in outcome.message) == (kind, True), outcome
    whole = [each for each in bench.files() if not each.startswith(".")]
    assert len(whole) == (1 if fault == "write_then_fail" else 0)
    server.fault = None
    again = await bench.deliver(made, attempt=2)
    assert (again.kind, bench.files()) == ("acknowledged", [f"{again.external_id}.csv"])
    assert (bench.shared / "in" / bench.files()[0]).read_bytes().startswith(b"Reference;Libelle\r\n26-")


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("down", "retry"),
        ("unavailable", "retry"),
        ("error", "retry"),
        ("too_many", "retry"),
        ("html", "retry"),
        ("truncated", "retry"),
        ("unauthorized", "fix_configuration"),
        ("forbidden", "fix_configuration"),
        ("redirect", "fix_configuration"),
        ("gone", "fix_configuration"),
        ("write_then_fail", "retry"),
    ],
)
async def test_each_fault_of_http_is_told_and_passes(bench, server, fault, kind):
    made = event()
    server.application.set(fault)
    assert (await bench.deliver(made)).kind == kind
    server.application.set(None)
    again = await bench.deliver(made, attempt=2)
    assert (again.kind, bench.files()) == ("acknowledged", [f"{again.external_id}.csv"])


async def test_a_server_that_is_too_slow_is_left_in_time(bench, server):
    server.application.set("slow", seconds=1)
    assert (await bench.deliver(event(), timeout=0.2)).kind == "retry"


async def test_returned_files_are_read_archived_and_put_aside(bench):
    out = bench.shared / "out"
    (out / "retour été.csv").write_text("Numero;Etat;Date\n26-1;CLOS;2026-11-24\n")
    cursor, told = await bench.poll_all()
    assert ([number for number, _ in told], bench.files("out/archive")) == (["26-1"], ["retour été.csv"])
    (out / "b.csv").write_text("rien")
    await bench.poll_all(cursor)
    assert bench.files("out/quarantaine") == ["b.csv", "b.csv.motif.txt"]


async def test_a_file_beyond_the_limit_is_put_aside(bench):
    (bench.shared / "out" / "a.csv").write_text("Numero;Etat;Date\n" + "26-1;CLOS;2026-11-24\n" * 100)
    await bench.poll_all(poll={"max_bytes": 500})
    assert bench.files("out/quarantaine") == ["a.csv", "a.csv.motif.txt"]


async def test_a_missing_folder_and_a_missing_secret_are_named(bench):
    outcome = await bench.deliver(event(), drop={"folder": "absent"})
    assert (outcome.kind, outcome.message) == ("fix_configuration", "Le dossier « absent » n’existe pas.")
    outcome = await bench.deliver(event(), secrets={})
    assert (outcome.kind, "« password »" in outcome.message) == ("fix_configuration", True)


async def test_a_listing_that_is_a_trap_is_only_a_strange_answer(bench):
    async def trap(scope, receive, send):
        body = (
            b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a xmlns="DAV:"><response><href>/out/../../x.csv'
        )
        body += b"</href></response><response><href>/out/&x;</href></response></a>"
        await send({"type": "http.response.start", "status": 207, "headers": []})
        await send({"type": "http.response.body", "body": body})

    with serve(trap) as address:
        bench.place["url"] = address
        async with Door([address.partition("://")[2]]) as door:
            polled = await bench.poll_once(http=door, poll={"settle": 3600})
    assert polled.returned == []


@pytest.mark.parametrize(
    ("fault", "failed"),
    [
        (None, []),
        ("forbidden", ["drop.folder", "poll.folder", "poll.archive", "poll.quarantine"]),
        ("rename_refused", ["drop.folder", "poll.folder", "poll.archive", "poll.quarantine"]),
    ],
)
async def test_the_check_finds_what_would_fail_later_and_leaves_nothing(bench, server, fault, failed):
    server.fault = fault
    checks = await bench.connector.check(bench.context())
    assert [each.name for each in checks if not each.ok] == failed
    assert [bench.files(name) for name in ("in", "out", "out/archive", "out/quarantaine")] == [[], [], [], []]


async def test_the_check_says_that_the_password_is_wrong(bench):
    checks = await bench.connector.check(bench.context(secrets={"password": "faux"}))
    assert any("identifiants" in each.message for each in checks if not each.ok)
