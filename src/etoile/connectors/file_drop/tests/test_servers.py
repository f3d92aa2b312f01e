"""The same exchange over each protocol, with servers that behave as badly as real ones."""

from contextlib import asynccontextmanager

import pytest

from etoile.connectors.file_drop import double, picking, webdav_double
from etoile.connectors.file_drop.double import PASSWORD, SftpDouble
from etoile.connectors.file_drop.webdav_double import WebDavDouble
from etoile.sdk import Door, DoorError, exchanges
from etoile.sdk.faults import HTTP
from etoile.sdk.testing import EventFactory, serve

EVENTS = EventFactory()
HEADER = "Numero;Etat;Date\n"
ROW = "26-1;CLOS;2026-11-24\n"
FOLDERS = ["drop.folder", "poll.folder", "poll.archive", "poll.quarantine"]


def event(**data):
    return EVENTS.make(data={"documents": [], **data})


@asynccontextmanager
async def sftp(shared):
    async with SftpDouble(shared) as server:
        yield server, server.address, server.place


@asynccontextmanager
async def webdav(shared):
    server = WebDavDouble(shared)
    with serve(server.application) as address:
        yield server, address.partition("://")[2], server.place(address)


PROTOCOLS = {"sftp": (sftp, double.KINDS), "webdav": (webdav, webdav_double.KINDS)}


def shown(faults, *, returned=True):
    """Each protocol with each of the faults that it shows; `returned` False: on what is dropped alone."""
    for name, (protocol, kinds) in PROTOCOLS.items():
        elsewhere = frozenset() if returned or protocol is webdav else double.RETURNED
        for fault in faults:
            if fault is None or fault in kinds - elsewhere:
                yield pytest.param(protocol, fault, id=f"{name}-{fault}")


@pytest.fixture(params=[sftp, webdav], ids=list(PROTOCOLS))
async def served(request, shared):
    async with request.param(shared) as given:
        yield given


@pytest.fixture
def server(served):
    return served[0]


@pytest.fixture
async def bench(bench, served):
    """The bench of the folder, by another way: all that it does is the same."""
    _, address, bench.place = served
    bench.secrets = {"password": PASSWORD}
    async with Door([address]) as door:
        bench.door = door
        yield bench


async def test_a_request_is_one_file_and_another_attempt_doubles_nothing(bench):
    made, drop = event(), {"checksum": True, "marker": ".ok"}
    first, second = await bench.deliver(made, drop=drop), await bench.deliver(made, drop=drop, attempt=2)
    assert (first.kind, second.kind, first.external_id) == ("acknowledged", "acknowledged", second.external_id)
    name = f"{first.external_id}.csv"
    assert bench.files() == [name, f"{name}.ok", f"{name}.sha256"]
    assert made.data["case"]["reference"] in (bench.shared / "in" / name).read_text()


# What each fault is told as, and words of it that say what to do. The protocols show it in their own way.
FAULTS = {
    "unauthorized": ("fix_configuration", "« ville »"),
    "forbidden": ("fix_configuration", "« in »"),
    "not_found": ("fix_configuration", "n’existe pas"),
    "rename_refused": ("fix_configuration", "renommer"),
    "disk_full": ("retry", "plein"),
    "shortened": ("retry", "pas complet"),
    "cut_while_writing": ("retry", "coupée pendant l’échange"),
    "error": ("retry", "Le hub réessaie de lui-même"),
    "down": ("retry", "ne répond pas"),
    "slow": ("retry", "à temps"),
    "time_out": ("retry", "à temps"),
    "write_then_fail": ("retry", ""),
}
BEFORE_ANY_FILE = {
    "other_host_key": ("fix_configuration", "ne présente pas la clé attendue"),
    "weak_algorithms": ("fix_configuration", "chiffrement sûr"),
}
OF_HTTP = {
    "unavailable": ("retry", "momentanément indisponible"),
    "too_many": ("retry", "demande d’attendre"),
    "conflict": ("retry", "occupé"),
    "html": ("retry", "pas du WebDAV"),
    "truncated": ("retry", "pas du WebDAV"),
    "wrong_charset": ("retry", "pas du WebDAV"),
    "renamed": ("retry", "pas complet"),
    "redirect": ("fix_configuration", "renvoie ailleurs"),
    "gone": ("fix_configuration", "dossier WebDAV"),
    "refuse": ("fix_data", "refuse ce que le fichier contient"),
}
EVERY = FAULTS | BEFORE_ANY_FILE | OF_HTTP


@pytest.mark.parametrize(("served", "fault"), [*shown(EVERY, returned=False)], indirect=["served"])
async def test_each_fault_is_told_and_the_next_attempt_leaves_one_whole_file(bench, server, fault):
    kind, words = EVERY[fault]
    made = event()
    server.faults.set(fault)
    outcome = await bench.deliver(made, timeout=0.3 if fault in ("slow", "time_out") else 30)
    assert (outcome.kind, words in outcome.message, outcome.external_id) == (kind, True, None), outcome
    whole = [each for each in bench.files() if not each.startswith(".")]
    assert len(whole) == (1 if fault == "write_then_fail" else 0)
    server.faults.set(None)
    again = await bench.deliver(made, attempt=2)
    assert (again.kind, bench.files()) == ("acknowledged", [f"{again.external_id}.csv"])
    assert (bench.shared / "in" / bench.files()[0]).read_bytes().startswith(b"Reference;Libelle\r\n26-")


def test_every_fault_that_a_server_shows_is_tried():
    told_by_files = double.RETURNED
    assert double.KINDS - told_by_files == set(FAULTS | BEFORE_ANY_FILE)
    assert webdav_double.KINDS - told_by_files - set(FAULTS) == set(OF_HTTP) - told_by_files
    assert set(OF_HTTP) <= HTTP


@pytest.mark.parametrize(
    ("secrets", "words"), [({}, "manque : donnez-le dans la console"), ({"password": "faux"}, "« ville »")]
)
async def test_a_missing_or_wrong_secret_is_named(bench, secrets, words):
    outcome = await bench.deliver(event(), secrets=secrets)
    assert (outcome.kind, words in outcome.message, "« password »" in outcome.message) == (
        "fix_configuration",
        True,
        True,
    )
    assert "faux" not in f"{outcome}"


async def test_a_missing_folder_is_named(bench):
    outcome = await bench.deliver(event(), drop={"folder": "absent"})
    assert (outcome.kind, "« absent » n’existe pas" in outcome.message) == ("fix_configuration", True)


async def test_a_server_of_the_inside_is_refused_unless_allowed(bench):
    async with Door() as door:
        outcome = await bench.deliver(event(), http=door)
    assert (outcome.kind, bench.files()) == ("fix_configuration", [])


async def test_the_evidence_names_the_file_and_no_secret(bench):
    with exchanges.recorded() as calls:
        outcome = await bench.deliver(event())
    [call, *_] = calls
    assert call.url.endswith(f"/in/{outcome.external_id}.csv")
    assert (call.method, call.status, PASSWORD in repr(call)) == ("PUT", 201, False)


async def test_returned_files_are_read_archived_and_put_aside(bench):
    out = bench.shared / "out"
    (out / "retour été.csv").write_text(HEADER + ROW)
    cursor, told = await bench.poll_all()
    assert ([number for number, _ in told], bench.files("out/archive")) == (["26-1"], ["retour été.csv"])
    (out / "b.csv").write_text("rien")
    (out / "c.csv").write_text(HEADER + ROW * 100)
    await bench.poll_all(cursor, poll={"max_bytes": 500})
    aside = ["b.csv", "b.csv.motif.txt", "c.csv", "c.csv.motif.txt"]
    assert (bench.files("out"), bench.files("out/quarantaine")) == ([], aside)
    assert [each.name for each in bench.problems] == ["b.csv", "c.csv"]


@pytest.mark.parametrize("ranges", [True, False])
async def test_a_page_is_read_from_where_the_one_before_stopped(bench, server, ranges):
    server.ranges = ranges
    rows = "".join(f"26-{number};CLOS;2026-11-24\n" for number in range(2 * picking.PAGE + 1))
    (bench.shared / "out" / "retour.csv").write_text(HEADER + rows)
    _, told = await bench.poll_all()
    assert [number for number, _ in told] == [f"26-{number}" for number in range(2 * picking.PAGE + 1)]


RETURNED = {
    None: [["INSTRUIT"], ["CLOS"]],
    "lost_notification": [[], ["CLOS"]],
    "out_of_order": [[], ["CLOS", "INSTRUIT"]],
    "duplicate": [["INSTRUIT"], ["CLOS"]],
    "wrong_charset": [[], ["CLOS"]],
    "renamed": [[], ["CLOS"]],
    "truncated": [[], ["CLOS"]],
}
# There they are answers of the server.
OTHERWISE = {"webdav-wrong_charset", "webdav-renamed", "webdav-truncated"}


@pytest.mark.parametrize(
    ("served", "fault"), [case for case in shown(RETURNED) if case.id not in OTHERWISE], indirect=["served"]
)
async def test_what_the_application_gives_back_badly_is_told_once_or_put_aside(bench, server, fault):
    server.faults.set(fault, count=1)
    cursor, seen = None, []
    for code in ("INSTRUIT", "CLOS"):
        server.returning.move("26-1", code)
        cursor, returned = await bench.poll_all(cursor)
        seen.append([each.business_code for _, each in returned])
    assert seen == RETURNED[fault]
    assert len(bench.problems) == (fault in OF_HTTP)
    assert all("retour-0001.csv" in each.message for each in bench.problems)


@pytest.mark.parametrize("fault", ["write_then_fail", "rename_refused"])
async def test_an_archive_that_fails_is_done_again_and_no_row_is_lost(bench, server, fault):
    (bench.shared / "out" / "a.csv").write_text(HEADER + ROW)
    first = await bench.poll_once()
    server.faults.set(fault)
    with pytest.raises(DoorError):
        await bench.poll_once(first.cursor)
    server.faults.set(None)
    _, told = await bench.poll_all(first.cursor)
    assert (told, bench.files("out"), bench.files("out/archive")) == ([], [], ["a.csv"])


CHECKED = {
    None: [],
    "unauthorized": ["credentials"],
    "other_host_key": ["credentials"],
    "down": ["reachability"],
    "rename_refused": FOLDERS,
}


@pytest.mark.parametrize(("served", "fault"), [*shown(CHECKED)], indirect=["served"])
async def test_the_check_finds_what_would_fail_later_and_leaves_nothing(bench, server, fault):
    server.faults.set(fault)
    checks = await bench.connector.check(bench.context())
    assert [each.name for each in checks if not each.ok] == CHECKED[fault]
    assert [bench.files(name) for name in ("in", "out", "out/archive", "out/quarantaine")] == [[], [], [], []]
