"""Ten thousand rows: in flat memory, each byte fetched twice and not once for each page, none lost nor told twice."""

import json
import tracemalloc

import pytest

from etoile.connectors.file_drop import csv_rows, dropping, folder, picking, xml_rows
from etoile.connectors.file_drop.configuration import Reading
from etoile.sdk.testing import EventFactory

XML_READING = {"kind": "xml", "element": "retour", "number": "Numero"}
BACK = {"code": "=answer.Etat", "statuses": {"CLOS": "closed"}}


def as_csv(count):
    return "Numero;Etat;Date\n" + "".join(f"26-{number};CLOS;2026-11-24\n" for number in range(count))


def as_xml(count):
    rows = "".join(f"<l:retour><Numero>26-{number}</Numero><Etat>CLOS</Etat></l:retour>\n" for number in range(count))
    return f'<?xml version="1.0" encoding="iso-8859-15"?><l:retours xmlns:l="urn:x"><lot n="é">{rows}</lot></l:retours>'


FORMS = {
    "csv": (as_csv, {"back": BACK}),
    "xml": (as_xml, {"back": BACK, "poll": {"pattern": "*.xml", "reading": XML_READING}}),
}


def give(bench, kind, count):
    for old in (bench.shared / "out").glob("retour.*"):
        old.unlink()
    make, changes = FORMS[kind]
    encoding = "utf-8" if kind == "csv" else "iso-8859-15"
    (bench.shared / "out" / f"retour.{kind}").write_text(make(count), encoding=encoding)
    return changes


async def readings(bench, changes, cursor=None):
    """Every reading until there is no more, as the hub makes them: what it keeps in between is text."""
    while True:
        polled = await bench.poll_once(cursor, **changes)
        yield polled
        cursor = json.dumps(json.loads(polled.cursor))
        if not polled.more:
            return


@pytest.fixture
def fetched(monkeypatch):
    """How many bytes of returned files were fetched."""
    sizes, read = [], folder.FolderStore.read

    async def counted(self, *where):
        async for block in read(self, *where):
            sizes.append(len(block))
            yield block

    monkeypatch.setattr(folder.FolderStore, "read", counted)
    return sizes


@pytest.mark.parametrize("kind", FORMS)
async def test_ten_thousand_rows_come_in_order_page_by_page_and_the_file_is_fetched_twice(bench, kind, fetched):
    changes, told, pages = give(bench, kind, 10_000), [], 0
    async for polled in readings(bench, changes):
        assert len(polled.returned) <= picking.PAGE
        pages += bool(polled.returned)
        told += [number for number, _ in polled.returned]
    assert told == [f"26-{number}" for number in range(10_000)]
    assert (pages, bench.files("out/archive")) == (20, [f"retour.{kind}"])
    size = (bench.shared / "out" / "archive" / f"retour.{kind}").stat().st_size
    # Once to check it, once to tell it, and a block that was begun at each stop.
    assert sum(fetched) <= 2 * size + (pages + 2) * folder.BLOCK


@pytest.mark.parametrize("kind", FORMS)
async def test_a_reading_that_was_lost_is_made_again_from_the_same_row(bench, kind):
    changes, told, before = give(bench, kind, 2 * picking.PAGE + 10), [], None
    async for polled in readings(bench, changes):
        if before is not None:
            # Killed before the hub recorded it: the cursor is still that of the reading before.
            again = await bench.poll_once(before, **changes)
            assert again.returned == polled.returned
        before, told = polled.cursor, told + [number for number, _ in polled.returned]
    assert told == [f"26-{number}" for number in range(2 * picking.PAGE + 10)]


async def peak(work):
    """The most memory that some work takes, in bytes."""
    tracemalloc.start()
    try:
        await work
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


async def test_memory_does_not_grow_with_the_returned_file(bench):
    async def read(changes):
        async for _ in readings(bench, changes):
            pass

    small, large = [await peak(read(give(bench, "csv", count))) for count in (1_000, 10_000)]
    # 9,000 more rows held as texts take several times that, and their statuses fifteen.
    assert large - small < 300_000


async def test_memory_does_not_grow_with_an_xml_file(bench):
    async def parsed(count):
        reader, left = xml_rows.XmlRows(Reading(**XML_READING)), count
        content = as_xml(count).encode("iso-8859-15")
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        for start in range(0, len(content), folder.BLOCK):
            left -= sum(1 for _ in reader.feed(content[start : start + folder.BLOCK]))
        taken.append(tracemalloc.get_traced_memory()[1] - before)
        assert left + 1 - sum(1 for _ in reader.close()) in (0, 1)

    taken = []
    for count in (1_000, 10_000):
        await peak(parsed(count))
    assert taken[1] - taken[0] < 300_000


async def test_a_grouped_file_of_ten_thousand_rows_is_not_held_while_it_is_written(bench, monkeypatch):
    rows = [{"Reference": str(number), "Libelle": "x" * 80} for number in range(10_000)]
    made = EventFactory().make(data={"documents": []})
    context = bench.context(made)
    monkeypatch.setattr(type(context), "render", lambda self, tree=None: rows if tree is None else {"name": "lot"})
    tracemalloc.start()
    try:
        async with dropping.prepared(context.configuration.drop, made, context) as file:
            size, most = file.size, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < dropping.IN_MEMORY + 300_000 < size


def test_a_csv_cut_anywhere_gives_the_same_rows_and_goes_on_from_any_of_them():
    content = '\ufeffNumero;Etat\r\n1;"a\r\nb"\r\n\r\n2;é;\n3;"c""d"\r\n'.replace("é;", "é").encode()
    settings = Reading(number="Numero")
    expected = [{"Numero": "1", "Etat": "a\r\nb"}, {"Numero": "2", "Etat": "é"}, {"Numero": "3", "Etat": 'c"d'}]
    for cut in range(1, 60):
        whole, marks = _rows(lambda mark: csv_rows.CsvRows(settings, mark), content, cut)
        assert whole == expected, cut
        for rank, mark in enumerate(marks, start=1):
            rest, _ = _rows(lambda mark: csv_rows.CsvRows(settings, mark), content, cut, mark)
            assert rest == whole[rank:], cut


def test_an_xml_cut_anywhere_gives_the_same_rows_and_goes_on_from_any_of_them():
    content = (
        '<?xml version="1.0" encoding="iso-8859-1"?><r><lot><ligne n="1"><N>1</N><E>é<b>!</b></E></ligne></lot>'
        '<!-- x --><lot>\n<ligne n="2"/><ligne><N>3</N><E/></ligne></lot></r>'
    ).encode("latin-1")
    settings = Reading(kind="xml", element="ligne", number="N")
    expected = [{"@n": "1", "N": "1", "E": "é!"}, {"@n": "2"}, {"N": "3", "E": None}]
    for cut in range(1, 60):
        whole, marks = _rows(lambda mark: xml_rows.XmlRows(settings, mark), content, cut)
        assert whole == expected, cut
        for rank, mark in enumerate(marks, start=1):
            rest, _ = _rows(lambda mark: xml_rows.XmlRows(settings, mark), content, cut, mark)
            assert rest == whole[rank:], cut


def _rows(made, content, cut, mark=None):
    reader, found, marks = made(mark), [], []
    start = mark["at"] if mark else 0
    for place in range(start, len(content), cut):
        for row in reader.feed(content[place : place + cut]):
            found.append(row.cells)
            marks.append(reader.mark)
    for row in reader.close():
        found.append(row.cells)
        marks.append(reader.mark)
    return found, marks
