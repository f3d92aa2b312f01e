"""`etoile connector` as a person types it, on the sample."""

import json
from pathlib import Path

import pytest

from etoile.runtime import command
from etoile.sdk.conformance import badge, pages

SAMPLE = str(Path(__file__).parents[3] / "examples" / "connector-sample")


def run(capsys, *arguments):
    """The exit status, and what was said."""
    status = command.main(["connector", *map(str, arguments)])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_one_fault_is_shown_in_plain_words_and_gives_no_badge(capsys, tmp_path):
    written = tmp_path / "badge.json"
    status, said, _ = run(capsys, "test", SAMPLE, "--fault", "truncated", "--badge", written)
    assert status == 0
    assert "L’application traite la demande, et sa réponse s’arrête au milieu." in said
    assert "→ nouvel essai" in said
    assert "502" not in said
    assert not written.exists()


def test_the_same_is_said_to_a_program_and_in_english(capsys):
    _, said, _ = run(capsys, "test", SAMPLE, "--fault", "refuse", "--json")
    told = json.loads(said)
    assert (told["connector"], told["result"]) == ("street_works", "passed")
    assert [(each["kind"], each["outcome"]) for each in told["faults"]] == [("refuse", "fix_data")]
    _, said, _ = run(capsys, "test", SAMPLE, "--fault", "refuse", "--english")
    assert "refused: request to mend" in said
    assert "This connector conforms." in said


def test_a_badge_that_cannot_be_written_takes_nothing_away(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr("etoile.sdk.conformance.command.examine", lambda *given, **named: _nothing())
    status, said, warned = run(capsys, "test", SAMPLE, "--badge", tmp_path / "nowhere" / "badge.json")
    assert status == 0
    assert "Ce connecteur est conforme." in said
    assert "le badge ne s’écrit pas" in warned


async def _nothing():
    return badge.Report("street_works", [])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("test", "nulle-part"), "n’est ni un dossier ni un connecteur installé"),
        (("new", "json"), "est déjà le nom d’un module"),
        (("pages", "--write", __file__ + ".absent"), "No such file"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(capsys, arguments, words):
    status, _, said = run(capsys, *arguments) if arguments[0] != "pages" else _pages(capsys, arguments)
    assert (status, words in said) == (2, True), said


def _pages(capsys, arguments):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "table_of", lambda connectors: "")
        return run(capsys, *arguments)


def test_a_page_without_marks_is_not_touched(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# Nothing\n")
    with pytest.raises(pages.PageError):
        pages.replace(page, "a table")
    assert page.read_text() == "# Nothing\n"
    page.write_text(f"before\n{pages.BEGIN}\nold\n{pages.END}\nafter\n")
    assert pages.replace(page, "a table")
    assert page.read_text() == f"before\n{pages.BEGIN}\n\na table\n{pages.END}\nafter\n"
    assert not pages.replace(page, "a table")
