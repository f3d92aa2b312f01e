"""What is written can be read back by the application, and by a spreadsheet without running anything."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from pydantic import TypeAdapter

from etoile.connectors.file_drop.formats import CODECS, Format
from etoile.connectors.file_drop.writing import NotRows, Unwritable, blocks

ENCODINGS = sorted(CODECS)


def written(tree, **settings):
    return b"".join(blocks(TypeAdapter(Format).validate_python(settings), tree))


def cells(tree, **settings):
    settings = {"kind": "csv", "columns": ["A", "B"], "header": False, "encoding": "utf-8", **settings}
    text = written(tree, **settings).decode(CODECS[settings["encoding"]])
    return list(csv.reader(io.StringIO(text), delimiter=settings.get("separator", ";"), strict=True))


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_accents_are_read_back_in_the_declared_encoding(encoding):
    assert cells({"A": "Éloïse à Nîmes", "B": "ça"}, encoding=encoding) == [["Éloïse à Nîmes", "ça"]]


def test_the_mark_of_utf_8_is_written_only_when_asked():
    assert written({"A": "é"}, kind="csv", columns=["A"], encoding="utf-8-bom").startswith(b"\xef\xbb\xbfA\r\n")
    assert written({"A": "é"}, kind="csv", columns=["A"], encoding="utf-8").startswith(b"A\r\n")


@pytest.mark.parametrize(
    ("encoding", "text", "expected"),
    [
        ("iso-8859-1", "Sœur d’Ősi – 5 €", "Soeur d'Osi - 5 EUR"),
        ("iso-8859-15", "Sœur d’Ősi – 5 €", "Sœur d'Osi - 5 €"),
        ("windows-1252", "Sœur d’Ősi – 5 €", "Sœur d’Osi – 5 €"),
    ],
)
def test_what_an_encoding_does_not_know_is_put_in_other_letters(encoding, text, expected):
    assert cells({"A": text}, encoding=encoding) == [[expected, ""]]


def test_a_letter_without_equivalent_is_refused_and_never_becomes_a_question_mark():
    with pytest.raises(Unwritable) as refused:
        cells({"A": "Владимир"}, encoding="iso-8859-1")
    assert "« A »" in str(refused.value)
    assert "В" not in str(refused.value)


def test_an_application_may_want_the_exact_letters_or_nothing():
    with pytest.raises(Unwritable):
        cells({"A": "sœur"}, encoding="iso-8859-1", unwritable="refuse")


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", " =1", "＝1"])
def test_a_cell_that_office_software_would_run_is_neutralised(text):
    [[cell, _]] = cells({"A": text})
    assert cell.startswith("'")


@pytest.mark.parametrize("value", ["+33612345678", "-12,50", "+33 6 12 34 56 78", -4, -2.5])
def test_a_number_is_left_as_it_is(value):
    [[cell, _]] = cells({"A": value})
    assert cell == str(value).replace(".", ",")


def test_an_application_that_runs_nothing_may_have_the_text_as_it_is():
    assert cells({"A": "=1+1"}, formulas="keep") == [["=1+1", ""]]


def test_numbers_words_and_dates_are_written_as_the_application_reads_them():
    tree = {"A": 12.5, "B": True}
    assert cells(tree) == [["12,5", "oui"]]
    assert cells(tree, decimal=".", true="1", false="0") == [["12.5", "1"]]
    dates = {"A": "%d/%m/%Y", "B": "%d/%m/%Y %H:%M"}
    assert cells({"A": "2026-11-24", "B": "2026-11-24T23:30:00Z"}, dates=dates) == [["24/11/2026", "25/11/2026 00:30"]]


def test_what_is_not_a_date_is_a_setting_to_mend():
    with pytest.raises(NotRows, match="« A » ne reçoit pas une date"):
        cells({"A": "hier"}, dates={"A": "%d/%m/%Y"})


def test_a_list_of_objects_is_as_many_rows_and_a_missing_value_an_empty_cell():
    assert cells([{"A": 1, "B": 2}, {"A": 3}]) == [["1", "2"], ["3", ""]]


def test_a_column_that_was_not_declared_is_not_lost_in_silence():
    with pytest.raises(NotRows, match="« C »"):
        cells({"A": 1, "C": 2})


def test_a_line_break_inside_a_cell_does_not_make_a_row():
    assert cells({"A": "un\r\ndeux", "B": "x"}) == [["un deux", "x"]]
    assert cells({"A": "un\ndeux", "B": "x"}, line_breaks="keep") == [["un\ndeux", "x"]]


@given(
    st.lists(st.text(max_size=20), min_size=2, max_size=2),
    st.sampled_from([";", ",", "\t", "|"]),
    st.sampled_from(["minimal", "all"]),
)
def test_any_text_makes_one_row_of_two_cells(texts, separator, quoting):
    rows = cells(dict(zip("AB", texts, strict=True)), separator=separator, quoting=quoting)
    assert [len(row) for row in rows or [["", ""]]] == [2]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_an_xml_file_says_its_encoding_and_any_reader_understands_it(encoding):
    tree = {"@version": 2, "demande": {"nom": "Élise <& fils>"}, "piece": ["un", "deux"], "vide": None}
    content = written(tree, kind="xml", root="envoi", encoding=encoding, namespace="urn:ville")
    root = etree.fromstring(content)
    assert root.tag == "{urn:ville}envoi"
    assert root.get("version") == "2"
    assert root.findtext(".//{urn:ville}nom") == "Élise <& fils>"
    assert [each.text for each in root.findall("{urn:ville}piece")] == ["un", "deux"]


@given(st.text(max_size=30))
def test_any_text_is_a_well_formed_element(text):
    content = written({"nom": text, "@a": text}, kind="xml", root="envoi")
    assert etree.fromstring(content).find("nom") is not None


@pytest.mark.parametrize("tree", [{"a b": 1}, {"<x": 1}, {"": 1}, ["un"], "un"])
def test_what_makes_no_xml_is_a_setting_to_mend(tree):
    with pytest.raises(NotRows):
        written(tree, kind="xml", root="envoi")
