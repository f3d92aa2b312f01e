"""Dropping into a folder: once, whole, and only where the operator said."""

import errno
import os

import pytest

from etoile.connectors.file_drop import CONNECTOR, dropping, folder
from etoile.connectors.file_drop.connector import FileDrop
from etoile.sdk import Door, DoorError
from etoile.sdk.rehearsal import RehearsalDoor, rehearse
from etoile.sdk.testing import EventFactory, assert_conforms

EVENTS = EventFactory()


def event(**data):
    return EVENTS.make(data={"documents": [], **data})


def test_the_connector_is_what_it_says():
    assert_conforms(CONNECTOR)


async def test_a_request_is_one_file_named_after_it(bench):
    made = event()
    outcome = await bench.deliver(made)
    [name] = bench.files()
    assert (outcome.kind, name) == ("acknowledged", f"{outcome.external_id}.csv")
    assert name.startswith(made.data["case"]["reference"])
    title = made.data["procedure"]["title"]["fr"]
    written = (bench.shared / "in" / name).read_bytes().decode()
    assert written == f"Reference;Libelle\r\n{made.data['case']['reference']};{title}\r\n"


async def test_another_attempt_finds_the_file_and_doubles_nothing(bench):
    made = event()
    first = await bench.deliver(made)
    before = (bench.shared / "in" / f"{first.external_id}.csv").stat()
    second = await bench.deliver(made, attempt=2)
    after = (bench.shared / "in" / f"{first.external_id}.csv").stat()
    assert (second.external_id, bench.files()) == (first.external_id, [f"{first.external_id}.csv"])
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert "essai précédent" in second.message


async def test_a_file_the_application_has_taken_is_not_dropped_again(bench):
    made = event()
    first = await bench.deliver(made)
    name = f"{first.external_id}.csv"
    (bench.shared / "in" / name).rename(bench.shared / "pris" / name)
    again = await bench.deliver(made, drop={"taken": "pris", "marker": ".ok"}, attempt=2)
    assert (again.external_id, bench.files()) == (first.external_id, [])


async def test_checksum_and_marker_stand_beside_the_file(bench):
    outcome = await bench.deliver(event(), drop={"checksum": True, "marker": ".ok"})
    name = f"{outcome.external_id}.csv"
    assert bench.files() == [name, f"{name}.ok", f"{name}.sha256"]
    digest, told = (bench.shared / "in" / f"{name}.sha256").read_text().split()
    assert (len(digest), told) == (64, name)


async def test_an_attempt_cut_before_the_marker_ends_at_the_next(bench):
    made = event()
    first = await bench.deliver(made)
    await bench.deliver(made, drop={"marker": ".ok"}, attempt=2)
    assert bench.files() == [f"{first.external_id}.csv", f"{first.external_id}.csv.ok"]


async def test_an_application_that_acknowledges_later_has_only_taken_it(bench):
    outcome = await bench.deliver(event(), drop={"acknowledged_later": True})
    assert (outcome.kind, bool(outcome.external_id)) == ("accepted", True)


async def test_a_folder_that_was_not_opened_is_refused_and_stays_empty(bench, tmp_path):
    async with Door(folders=[tmp_path / "ailleurs"]) as door:
        outcome = await bench.deliver(event(), http=door)
    assert (outcome.kind, bench.files()) == ("fix_configuration", [])


async def test_a_folder_that_was_not_opened_is_told_with_the_setting_that_opens_it(bench, tmp_path):
    async with Door(folders=[tmp_path / "ailleurs"]) as door:
        told = [(await bench.deliver(event(), http=door)).message]
        told += [each.message for each in await bench.connector.check(bench.context(http=door))]
    assert [("HUB_ALLOWED_FOLDERS" in each, str(bench.shared) in each) for each in told] == [(True, True)] * 2


async def test_two_subscriptions_in_one_folder_drop_a_file_each_of_the_same_request(bench):
    made = event()
    # The key of a delivery is that of one request for one subscription.
    first, second = [await bench.deliver(made, idempotency_key=key) for key in ("a", "b")]
    assert first.external_id != second.external_id
    assert bench.files() == sorted(f"{each.external_id}.csv" for each in (first, second))


async def test_what_a_killed_attempt_left_is_never_picked_up(bench):
    (bench.shared / "out" / ".retour.csv.1.part").write_bytes(b"Numero;Etat\n26-1;CLOS\n")
    _, told = await bench.poll_all()
    assert (told, bench.files("out")) == ([], [".retour.csv.1.part"])


async def test_a_hub_whose_own_disk_is_full_says_so_and_tries_again(bench, monkeypatch):
    def full(*given, **named):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(dropping.tempfile, "SpooledTemporaryFile", full)
        outcome = await bench.deliver(event())
    assert (outcome.kind, outcome.detail, "son propre disque" in outcome.message) == ("retry", "ENOSPC", True)


async def test_a_link_does_not_lead_out_of_the_opened_folder(bench, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    (bench.shared / "lien").symlink_to(outside)
    outcome = await bench.deliver(event(), drop={"folder": "lien"})
    assert (outcome.kind, list(outside.iterdir())) == ("fix_configuration", [])


@pytest.mark.parametrize("wrong", ["../autre", "in/../..", "a\\b", "."])
def test_a_folder_above_the_place_is_not_a_setting(bench, wrong):
    with pytest.raises(ValueError, match="folder"):
        bench.context(drop={"folder": wrong})


async def test_a_missing_folder_is_told_by_its_name(bench):
    outcome = await bench.deliver(event(), drop={"folder": "absent"})
    assert (outcome.kind, "« absent » n’existe pas" in outcome.message) == ("fix_configuration", True)


@pytest.mark.parametrize(
    ("number", "kind"), [(errno.ENOSPC, "retry"), (errno.EACCES, "fix_configuration"), (errno.EIO, "retry")]
)
async def test_a_write_that_fails_midway_leaves_nothing_and_the_next_attempt_passes(bench, monkeypatch, number, kind):
    made = event()

    def fails(descriptor, block):
        os.write(descriptor, bytes(block[:3]))
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched:
        patched.setattr(folder, "_write", fails)
        outcome = await bench.deliver(made)
    assert (outcome.kind, bench.files()) == (kind, [])
    assert (await bench.deliver(made, attempt=2)).kind == "acknowledged"


async def test_what_a_killed_attempt_left_is_removed(bench):
    made = event()
    first = await bench.deliver(made)
    name = f"{first.external_id}.csv"
    (bench.shared / "in" / name).rename(bench.shared / "in" / f".{name}.1.part")
    (bench.shared / "in" / f".{name}.1.part").write_bytes(b"Refer")
    await bench.deliver(made, attempt=2)
    assert bench.files() == [name]
    assert (bench.shared / "in" / name).read_bytes().startswith(b"Reference;Libelle\r\n")


async def test_two_attempts_at_once_leave_one_whole_file(bench, monkeypatch):
    made, content = event(), []
    context = bench.context(made)
    async with (
        folder.opened(context.configuration.place, context, 5) as store,
        dropping.prepared(context.configuration.drop, made, context) as file,
    ):
        assert await dropping.put(store, context.configuration.drop, file, context)
        await store.write("in/.autre.part", file.blocks())
        assert not await store.rename("in/.autre.part", f"in/{file.name}")
        content.append(file.size)
    assert (bench.shared / "in" / file.name).stat().st_size == content[0]


async def test_a_rehearsal_shows_the_file_and_writes_none(bench):
    made, door = event(), RehearsalDoor({})
    assert await rehearse(FileDrop(), made, bench.context(made, http=door), door) == ""
    assert bench.files() == []
    [sent] = door.sent
    assert sent.method == "PUT"
    assert made.data["case"]["reference"] in sent.body


async def test_the_check_leaves_nothing_behind(bench):
    checks = await bench.connector.check(bench.context())
    assert [each.ok for each in checks] == [True] * len(checks)
    assert [bench.files(name) for name in ("in", "out", "out/archive", "out/quarantaine")] == [[], [], [], []]


async def test_the_check_names_the_folder_that_is_missing(bench):
    checks = await bench.connector.check(bench.context(poll={"archive": "out/absent"}))
    assert [(each.name, "absent" in each.message) for each in checks if not each.ok] == [("poll.archive", True)]


async def test_a_folder_read_in_a_rehearsal_is_refused(bench):
    with pytest.raises(DoorError):
        await bench.connector.poll(None, bench.context(http=RehearsalDoor({})))
