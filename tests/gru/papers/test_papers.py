"""The letters as PDF: made to be read aloud and kept, and deaf to what people write in them."""

import io
from datetime import date

import pypdf
import pytest

from etoile.gru.papers import render
from etoile.gru.papers.paper import Facts, Heading, Paper, Words, paragraphs

HOSTILE = '#read("/etc/passwd") $x$ #strong[gras] \\u{41} <balise> "fin\x00'


def made(*blocks, **changes):
    given = {
        "title": "Décision, demande 26-K7QM-3",
        "language": "fr",
        "sender": "Valmont-sur-Loire",
        "address": ["1 place de la Mairie"],
        "day": date(2027, 3, 10),
        "blocks": blocks,
        "reference": "26-K7QM-3",
    }
    return render.pdf(Paper(**{**given, **changes}))


def read(content):
    return pypdf.PdfReader(io.BytesIO(content))


def tags(node, found):
    """The tags of the structure tree, in the order of reading."""
    node = node.get_object()
    if isinstance(node, list):
        for child in node:
            tags(child, found)
    elif isinstance(node, dict):
        if "/S" in node:
            found.append(node["/S"])
        if "/K" in node:
            tags(node["/K"], found)
    return found


@pytest.mark.exigence("A11Y-30", "RGI-05")
def test_a_letter_is_tagged_titled_in_its_language_and_marked_for_reading_and_keeping():
    pdf = read(made(Facts([("Référence", "26-K7QM-3")]), Heading("Motifs"), Words("Parce que."), language="en"))
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert (root["/Lang"], pdf.metadata.title) == ("en", "Décision, demande 26-K7QM-3")
    marks = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in marks
    assert "<pdfaid:part>3</pdfaid:part>" in marks and "<pdfaid:conformance>A</pdfaid:conformance>" in marks
    order = tags(root["/StructTreeRoot"]["/K"], [])
    assert [tag for tag in order if tag in {"/H1", "/H2", "/L"}] == ["/H1", "/L", "/H2"]
    assert all(font["/FontDescriptor"].get("/FontFile3") for font in fonts(pdf))


def fonts(pdf):
    return [each.get_object()["/DescendantFonts"][0].get_object()
            for each in pdf.pages[0]["/Resources"]["/Font"].values()]  # fmt: skip


def test_what_people_write_is_printed_and_never_executed():
    text = read(made(Words(HOSTILE), Facts([(HOSTILE, HOSTILE)]), title=HOSTILE)).pages[0].extract_text()
    assert text.count('#read("/etc/passwd")') == 4
    assert "root:" not in text


def test_a_character_that_no_font_has_leaves_a_square_and_the_letter_leaves_too():
    text = read(made(Words("Reçu 😀 de Łukasz Žižek, Ελένη, Иван, 35 €, 王"))).pages[0].extract_text()
    assert "Reçu □ de Łukasz Žižek, Ελένη, Иван, 35 €, □" in text


def test_the_same_paper_gives_the_same_bytes_and_a_colour_that_is_none_is_ink():
    assert made(Words("a"), colour='#0f5c6b") #panic("') == made(Words("a"), colour="")
    assert made(Words("a"), colour="#0f5c6b") != made(Words("a"), colour="")


def test_a_letter_of_many_pages_numbers_them_and_one_without_end_is_refused():
    assert len(read(made(*[Words("mot " * 200)] * 40)).pages) > 5
    with pytest.raises(render.PaperError):
        made(Words("x" * render.LARGEST))


def test_a_kept_letter_is_cut_where_it_breathes():
    assert paragraphs("Un\ndeux\n\n\n\ntrois\n") == [Words("Un\ndeux"), Words("trois")]
