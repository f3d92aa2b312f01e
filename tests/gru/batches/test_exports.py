"""The list of an agent in a file: what is in it, what is not, who asked, and how long it stays."""

import csv
import io
from datetime import timedelta
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
import time_machine
from django.utils import timezone
from tests.gru.cases.test_kills import Killed, dying_after

from etoile.gru.access.models import Membership, Role
from etoile.gru.audit.models import Entry
from etoile.gru.batches import places, running, services
from etoile.gru.batches.exports import writing
from etoile.gru.batches.models import Batch, Format, State
from etoile.gru.batches.selection import Selection
from etoile.runtime.sheets import harmless

TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p"
CELL = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}table-cell"
FORMULA = '=HYPERLINK("https://example.org","Cliquez")'


@pytest.fixture
def manager(town):
    Membership.objects.filter(account=town.agent).update(role=Role.MANAGER)
    return town.agent


OF_PROCEDURE = "onglet=a-traiter&demarche=acte"


def exported(account, query, form=Format.CSV):
    batch = services.ask_export(account, query, form=form)
    assert running.export(batch.pk, lambda: False)
    return Batch.objects.get(pk=batch.pk)


def content(batch):
    return places.place_of(batch.pk).read_bytes()


def rows(batch):
    """What a spreadsheet reads, whatever the format."""
    held = content(batch)
    if batch.format == Format.CSV:
        return list(csv.reader(io.StringIO(held.decode("utf-8-sig")), delimiter=";"))
    name = "content.xml" if batch.format == Format.ODS else "xl/worksheets/sheet1.xml"
    with ZipFile(io.BytesIO(held)) as folder:
        root = ElementTree.fromstring(folder.read(name))
    if batch.format == Format.ODS:
        lines = root.iter(CELL.replace("cell", "row"))
        return [["\n".join(p.text or "" for p in cell.iter(TEXT)) for cell in line.iter(CELL)] for line in lines]
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    return [["".join(cell.itertext()) for cell in line.iter(f"{space}c")] for line in root.iter(f"{space}row")]


@pytest.mark.parametrize("form", Format)
def test_a_spreadsheet_reads_the_answers_and_runs_none_of_them(town, manager, form):
    case = town.submit(answers={"motif": FORMULA, "allergie": "arachide"})
    batch = exported(manager, OF_PROCEDURE, form)
    head, line = rows(batch)
    assert "Motif" in head
    assert line[0] == case.reference
    assert ("'" + FORMULA if form is Format.CSV else FORMULA) in line
    assert b"arachide" not in content(batch)
    assert "Allergie" not in head
    assert (batch.total, batch.done, batch.size, batch.state) == (1, 1, len(content(batch)), State.DONE)
    if form is Format.XLSX:
        with ZipFile(places.place_of(batch.pk)) as folder:
            assert b"<f>" not in folder.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    ("text", "kept"),
    [("=1", "'=1"), (" +1", "' +1"), ("-1", "'-1"), ("@x", "'@x"), ("\t=1", "'\t=1"), ("a=1", "a=1"), ("", "")],
)
def test_a_text_that_looks_like_a_formula_stays_a_text(text, kept):
    assert harmless(text) == kept


def test_only_the_cases_one_may_export_leave_and_in_the_order_of_the_list(town, manager):
    cases = [town.submit().reference for _ in range(3)]
    batch = exported(manager, "onglet=toutes&tri=anciennes")
    assert [line[0] for line in rows(batch)[1:]] == cases
    assert "Motif" not in rows(batch)[0]
    Membership.objects.filter(account=manager).update(role=Role.INSTRUCTOR)
    assert len(rows(exported(manager, "onglet=toutes"))) == 1


def test_memory_and_statements_do_not_grow_with_the_list(town, manager, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(writing, "HANDFUL", 2)
    for _ in range(5):
        town.submit()
    asked = services.ask_export(manager, "onglet=toutes", form=Format.CSV)
    batch = Batch.objects.select_related("authority", "account__authority").get(pk=asked.pk)
    # The teams, the keys, then one for each handful and one for the version, once.
    with django_assert_num_queries(6):
        assert [len(each) for each in writing.write(batch, Selection())] == [2, 2, 1]


def test_a_file_killed_halfway_or_stopped_is_never_given_and_is_written_again(town, manager, exports):
    town.submit()
    batch = services.ask_export(manager, "onglet=toutes", form=Format.ODS)
    with dying_after(10), pytest.raises(Killed):
        running.export(batch.pk, lambda: False)
    assert not places.place_of(batch.pk).exists()
    assert not running.export(batch.pk, lambda: True)
    assert not Batch.objects.get().has_file
    services.stop(batch)
    assert running.export(batch.pk, lambda: False)
    assert not Batch.objects.get().has_file
    services.resume(batch)
    running.export(batch.pk, lambda: False)
    assert Batch.objects.get().has_file
    assert [path.name for path in exports.iterdir()] == [batch.pk.hex]


def test_nothing_of_an_export_that_was_stopped_or_given_up_stays_on_the_disk(town, manager, exports, monkeypatch):
    town.submit()
    batch = services.ask_export(manager, "onglet=toutes", form=Format.ODS)
    finished = writing.digest

    def stopped_meanwhile(path):
        services.stop(batch)
        return finished(path)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(writing, "digest", stopped_meanwhile)
        assert running.export(batch.pk, lambda: False)
    assert list(exports.iterdir()) == []
    assert not Entry.objects.filter(action="export.written").exists()
    services.resume(batch)
    with dying_after(10), pytest.raises(Killed):
        running.export(batch.pk, lambda: False)
    services.stop(batch)
    assert [path.name for path in exports.iterdir()] == [f"{batch.pk.hex}.part"]
    services.forget()
    assert list(exports.iterdir()) == []


def test_a_list_longer_than_a_sheet_says_to_take_csv(town, manager, monkeypatch):
    monkeypatch.setattr(writing.OdsSheet, "most", 2)
    town.submit()
    town.submit()
    batch = exported(manager, "onglet=toutes", Format.ODS)
    assert (batch.state, batch.problem) == (
        State.FAILED, "La liste a plus de 1 demandes : choisissez le format CSV."
    )  # fmt: skip
    assert not batch.has_file


def test_the_file_stays_thirty_two_hours_and_who_asked_what_stays(town, manager):
    batch = exported(manager, OF_PROCEDURE)
    services.fetched(batch)
    for hours, there, asked in ((31, True, True), (33, False, True), (31 * 24, False, False)):
        with time_machine.travel(timezone.now() + timedelta(hours=hours), tick=False):
            services.forget()
        batch.refresh_from_db()
        assert (places.place_of(batch.pk).exists(), batch.forgotten_at is None) == (there, asked)
    assert not batch.has_file
    assert (batch.account, batch.query, batch.fetched, len(batch.sha256)) == (manager, OF_PROCEDURE, 1, 64)
