"""Files given back: each row told once it is whole, none lost, none read by half, the unreadable put aside."""

from datetime import UTC, datetime

import pytest

HEADER = "Numero;Etat;Date\n"
XML_BACK = {"code": "=answer.Etat", "label": {"$value": "=answer.Libelle"}, "statuses": {"CLOS": "closed"}}


def give(bench, name="retour.csv", rows="26-1;CLOS;2026-11-24\n", content=None):
    data = (HEADER + rows).encode() if content is None else content
    (bench.shared / "out" / name).write_bytes(data)


async def refused(bench, **changes):
    """The reading of a file that cannot be read: nothing of it is told."""
    polled = await bench.poll_once(**changes)
    assert polled.returned == []
    assert polled.more
    return polled, polled.problems


def numbers(told):
    return [number for number, _ in told]


async def test_a_row_is_a_status_in_common_words_and_the_application_s_own(bench):
    give(bench)
    _, [(number, returned)] = await bench.poll_all()
    assert (number, returned.status, returned.business_code) == ("26-1", "closed", "CLOS")
    assert returned.occurred_at == datetime(2026, 11, 24, tzinfo=UTC)


async def test_a_file_is_archived_only_once_the_hub_has_kept_its_rows(bench):
    give(bench)
    first = await bench.poll_once()
    assert (numbers(first.returned), bench.files("out")) == (["26-1"], ["retour.csv"])
    # The hub died before it recorded them: the cursor did not move, the same rows come again.
    assert numbers((await bench.poll_once()).returned) == ["26-1"]
    second = await bench.poll_once(first.cursor)
    assert (second.returned, bench.files("out"), bench.files("out/archive")) == ([], [], ["retour.csv"])
    # And it died again, after the move.
    assert (await bench.poll_once(first.cursor)).returned == []


async def test_a_file_being_written_waits_until_it_stands_still(bench):
    give(bench, rows="26-1;CLOS;2026-11-24\n")
    changes = {"poll": {"settle": 30}}
    polled = await bench.poll_once(None, **changes)
    bench.clock.now += 20
    give(bench, rows="26-1;CLOS;2026-11-24\n26-2;CLOS;2026-11-24\n")
    polled = await bench.poll_once(polled.cursor, **changes)
    bench.clock.now += 20
    polled = await bench.poll_once(polled.cursor, **changes)
    assert polled.returned == []
    bench.clock.now += 20
    polled = await bench.poll_once(polled.cursor, **changes)
    assert numbers(polled.returned) == ["26-1", "26-2"]


async def test_a_file_waits_for_its_marker_and_both_leave(bench):
    give(bench)
    cursor, told = await bench.poll_all(poll={"marker": ".ok"})
    assert told == []
    (bench.shared / "out" / "retour.csv.ok").touch()
    _, told = await bench.poll_all(cursor, poll={"marker": ".ok"})
    assert (numbers(told), bench.files("out"), bench.files("out/archive")) == (["26-1"], [], ["retour.csv"])


async def test_the_same_content_under_two_names_is_told_once(bench):
    give(bench, "a.csv")
    give(bench, "b.csv")
    _, told = await bench.poll_all()
    assert (numbers(told), bench.files("out/archive")) == (["26-1"], ["a.csv", "b.csv"])


async def test_another_content_under_a_known_name_is_told_and_both_are_kept(bench):
    give(bench)
    cursor, _ = await bench.poll_all()
    give(bench, rows="26-1;INSTRUIT;2026-11-25\n")
    _, told = await bench.poll_all(cursor)
    assert [each.status for _, each in told] == ["in_progress"]
    assert len(bench.files("out/archive")) == 2


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "vide"),
        ("Numero;Etat;Date\n26-1;Réglé;2026-11-24\n".encode("latin-1"), "utf-8"),
        (b"Etat;Date\nCLOS;2026-11-24\n", "Numero"),
        (b"Numero;Date\n26-1;2026-11-24\n", "état"),
        (b"Numero;Etat;Date\n26-1;CLOS;hier\n", "Ligne 2"),
        (b"Numero;Etat;Date\n26-1;CLOS;2026-11-24\n;CLOS;2026-11-24\n", "Ligne 3"),
        (b'Numero;Etat;Date\n26-1;"CLO', "incomplet"),
        (b"Numero;Etat;Date\n26-1;CL", "Ligne 2"),
        (b"Numero;Etat;Etat;Date\n", "Deux colonnes"),
    ],
)
async def test_an_unreadable_file_is_put_aside_whole_with_its_reason(bench, content, reason):
    give(bench, content=content)
    polled, [problem] = await refused(bench)
    assert "retour.csv" in problem.message
    # Until the hub has recorded that, the file stays: a process killed now would leave nobody told.
    assert bench.files("out") == ["retour.csv"]
    await bench.poll_once(polled.cursor)
    assert (bench.files("out"), bench.files("out/quarantaine")) == ([], ["retour.csv", "retour.csv.motif.txt"])
    note = (bench.shared / "out" / "quarantaine" / "retour.csv.motif.txt").read_text()
    assert reason in note
    assert "26-1" not in note


async def test_an_unreadable_file_does_not_stop_the_others_and_the_check_recalls_it(bench):
    give(bench, "a.csv", content=b"rien")
    give(bench, "b.csv")
    _, told = await bench.poll_all()
    assert numbers(told) == ["26-1"]
    checks = {each.name: each.ok for each in await bench.connector.check(bench.context())}
    assert checks["quarantine"] is False


async def test_a_file_beyond_the_limit_is_put_aside_without_being_read_whole(bench):
    give(bench, rows="26-1;CLOS;2026-11-24\n" * 100)
    polled, [problem] = await refused(bench, poll={"max_bytes": 500})
    assert "dépasse 500 octets" in problem.message
    await bench.poll_once(polled.cursor, poll={"max_bytes": 500})
    assert bench.files("out") == []


async def test_an_acknowledgement_is_a_file_whose_name_alone_counts(bench):
    (bench.shared / "out" / "26-T1-abc.csv.ack").touch()
    _, [(number, returned)] = await bench.poll_all(poll={"acknowledgement": ".ack"})
    assert (number, returned.status, bench.files("out")) == ("26-T1-abc", "received", [])


async def test_the_number_of_a_dropped_file_is_the_one_a_returned_row_names(bench):
    number = "26-T1-abc"
    give(bench, rows=f"{number};CLOS;2026-11-24\n")
    _, told = await bench.poll_all()
    assert numbers(told) == [number]


async def test_what_is_neither_ours_nor_a_plain_file_is_left_alone(bench):
    give(bench, "notes.txt")
    give(bench, ".cache.csv")
    (bench.shared / "out" / "lien.csv").symlink_to("/etc/hostname")
    assert (await bench.poll_all())[1] == []
    assert bench.files("out") == [".cache.csv", "lien.csv", "notes.txt"]


@pytest.mark.parametrize("cursor", ["", "x", "[]", '{"autre": 1}', '{"done": [["../in/x", "1"]]}'])
async def test_a_cursor_of_another_time_starts_again(bench, cursor):
    give(bench)
    assert numbers((await bench.poll_all(cursor))[1]) == ["26-1"]


XML = """<?xml version="1.0" encoding="ISO-8859-1"?>
<retours xmlns="urn:x"><retour n="1"><Numero>26-1</Numero><Etat>CLOS</Etat><Libelle>Réglé</Libelle></retour>
<retour><Numero>26-2</Numero><Etat>ETRANGE</Etat></retour></retours>"""
XML_READING = {"kind": "xml", "element": "retour", "number": "Numero"}


async def test_xml_is_read_in_the_encoding_it_says(bench):
    give(bench, "r.xml", content=XML.encode("latin-1"))
    _, told = await bench.poll_all(poll={"pattern": "*.xml", "reading": XML_READING}, back=XML_BACK)
    assert [(number, each.status, each.business_label) for number, each in told] == [
        ("26-1", "closed", "Réglé"),
        ("26-2", "in_progress", None),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a><retour><Numero>&x;</Numero></retour></a>',
        b"<retours><retour><Numero>26-1</Numero><Etat>C",
        b"<retours><retour><Numero>26-1</Numero></retour></retours>",
        b"<retours><autre/></retours>",
    ],
)
async def test_an_xml_that_is_cut_or_a_trap_is_put_aside(bench, content):
    give(bench, "r.xml", content=content)
    await bench.poll_all(poll={"pattern": "*.xml", "reading": XML_READING}, back=XML_BACK)
    assert bench.files("out/quarantaine") == ["r.xml", "r.xml.motif.txt"]
