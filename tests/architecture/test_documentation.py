"""What the documents tell to type exists, and what they link to is there."""

import argparse
import importlib
import re
import shlex
from importlib.metadata import entry_points

import pytest

from tests.architecture.tree import ROOT, SOURCE, shown

DOCUMENTS = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "bench").glob("*.md"),
        *SOURCE.rglob("README.md"),
    ]
)
TARGETS = set(re.findall(r"^([a-z%-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
COMMANDS = {entry.name: entry.value for entry in entry_points(group="etoile.commands")}


def typed(path):
    """The commands of the shell blocks of a document, comments and prompts taken away."""
    for block in re.findall(r"```(?:sh|shell|bash|console)\n(.*?)```", path.read_text(), re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            line = line.strip().removeprefix("$ ")
            if line and not line.startswith("#"):
                yield line


def problem(line: str) -> str:
    words = [word for word in shlex.split(line, comments=True) if not re.fullmatch(r"[A-Z_]+=.*", word)]
    if words[:1] == ["make"]:
        targets = [word for word in words[1:] if "=" not in word]
        return ", ".join(name for name in targets if name not in TARGETS and not name.startswith("bench-"))
    if words and words[0].endswith("etoile"):
        return problem_of_command(words[1:])
    return ""


def problem_of_command(words: list[str]) -> str:
    if not words or words[0] not in COMMANDS:
        return "unknown command"
    parser = argparse.ArgumentParser(exit_on_error=False)
    importlib.import_module(COMMANDS[words[0]]).configure(parser)
    try:
        parser.parse_args(words[1:])
    except (argparse.ArgumentError, SystemExit) as refusal:
        return f"refused: {refusal}"
    return ""


@pytest.mark.parametrize("path", DOCUMENTS, ids=shown)
def test_every_command_of_the_document_exists(path):
    assert {line: found for line in typed(path) if (found := problem(line))} == {}


@pytest.mark.parametrize("path", DOCUMENTS, ids=shown)
def test_every_local_link_of_the_document_leads_somewhere(path):
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)", path.read_text())
    assert [link for link in links if not (path.parent / link).exists()] == []


PLACES = re.compile(
    r"`((?:src|tests|docs|bench|procedures|examples|contract|sdk|hub|connectors|gru|design|runtime|demo|doubles)/[\w./-]*)`"
)
# What was decided or changed names places as they were then.
PAST = [ROOT / "CHANGELOG.md", *(ROOT / "docs" / "adr").glob("*.md")]


def missing_places(path):
    """A place is told from the root, from `src/etoile`, or as a page asks for it; capitals are for who reads to say."""
    bases = (ROOT, SOURCE, SOURCE / "design" / "templates", SOURCE / "design" / "static")
    for name in PLACES.findall(path.read_text()):
        if not any((base / name).exists() for base in bases) and not re.search(r"\bNAME\b", name):
            yield name


@pytest.mark.parametrize("path", sorted(set(DOCUMENTS) - set(PAST)), ids=shown)
def test_every_place_the_document_names_is_there(path):
    assert list(missing_places(path)) == []


def test_the_two_commands_of_the_readme_are_those_of_the_project():
    for name in ("README.md", "README.fr.md"):
        assert {"make demo", "make test"} <= set(typed(ROOT / name))
    assert "make test" in (ROOT / ".ci" / "run").read_text()


def test_each_decision_has_a_number_of_its_own():
    numbers = [path.name[:4] for path in (ROOT / "docs" / "adr").glob("*.md")]
    assert sorted(numbers) == [f"{number:04}" for number in range(1, len(numbers) + 1)]
