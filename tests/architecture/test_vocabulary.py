"""The words on the screens: plain, short, calm, and each says what to do. Rules in docs/design.md, "Words"."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from babel.messages.pofile import read_po

from etoile.design.plain_words import AGENTS, CITIZENS, VAGUE, jargon, too_long
from etoile.runtime.messages import catalogues, used
from tests.architecture.tree import ROOT, SOURCE, shown

# Rooms whose words a citizen reads; the others are read by those who work here.
FOR_CITIZENS = tuple(f"gru/{room}/" for room in ("portal", "filling", "forms", "documents", "notices", "cases"))
LONGEST = {True: CITIZENS, False: AGENTS}

# Where the law itself chose the word, or where « usager » names those whom agents serve.
ALLOWED = {
    "La loi dit « instruction »": "Cette demande de pièces ne suspend pas l'instruction de votre demande.",
    "Nom d’une partie dans l’histoire, lue par les agents": "l'usager",
}
BUTTON = re.compile(r"""{%\s*translate\s+"([^"]+)"\s+as\s+(\w+)\s*%}\s*{%\s*(?:button|dialog_button)\s+\2\b""")
LINK = re.compile(r"""<a\b[^>]*>\s*{%\s*translate\s+["']([^"'%]+)["']\s*%}\s*</a>""")
# An instruction, a reassurance, an example: what a person may lean on after a refusal.
NEXT_STEP = re.compile(
    r"\b\w+ez\b|\bexemple\b|\bvous pou\w+|\bpeut |rien (?:à faire|n’)|\breste|\brevenez\b|rien n’a été", re.IGNORECASE
)
REFUSAL = re.compile(r"""messages\.error\(\s*request,\s*_\(\s*((?:"[^"]*"\s*)+)\)""")


def citizen(path: Path) -> bool:
    inside = path.relative_to(SOURCE).as_posix()
    return inside.startswith(FOR_CITIZENS) or (inside.startswith("design/") and "gallery" not in inside)


SENTENCES = sorted({(file, msgid) for place in ("design", "gru", "hub") for file, msgid in used(SOURCE / place)})


def procedures() -> list[tuple[str, str]]:
    """Every sentence of the ready-made procedures that a person reads, with its file."""

    def walk(node: Any) -> list[str]:
        if isinstance(node, dict):
            own = [node["fr"]] if isinstance(node.get("fr"), str) else []
            return own + [
                each for key, value in node.items() if key not in {"register", "legal"} for each in walk(value)
            ]
        return [each for value in node for each in walk(value)] if isinstance(node, list) else []

    files = sorted((ROOT / "procedures").glob("*.yaml"))
    return [(path.name, text) for path in files for text in walk(yaml.safe_load(path.read_text()))]


def test_no_sentence_of_the_citizens_pages_is_jargon():
    allowed = set(ALLOWED.values())
    found = [(shown(path), jargon(text), text) for path, text in SENTENCES if citizen(path) and text not in allowed]
    assert [each for each in found if each[1]] == []


def test_no_sentence_is_too_long_to_be_read_once():
    found = [(shown(path), too_long(text, LONGEST[citizen(path)])) for path, text in SENTENCES]
    assert [each for each in found if each[1]] == []


def test_nothing_shouts():
    assert [(shown(path), text) for path, text in SENTENCES if "!" in text] == []


def test_no_procedure_uses_jargon_shouts_or_is_too_long():
    found = [(name, jargon(text) + too_long(text, 30), text) for name, text in procedures()]
    assert [each for each in found if each[1] or "!" in each[2]] == []


def test_each_button_and_each_link_says_what_it_does():
    vague = []
    for path in SOURCE.rglob("*.html"):
        source = path.read_text()
        labels = [found[0] for found in BUTTON.findall(source)] + LINK.findall(source)
        vague += [(shown(path), label) for label in labels if label.strip(" .…").lower() in VAGUE]
    assert vague == []


def test_each_refusal_says_what_happens_next():
    mute = []
    for path in (SOURCE / "gru").rglob("*.py"):
        for literal in REFUSAL.findall(path.read_text()):
            said = "".join(re.findall(r'"([^"]*)"', literal))
            if not NEXT_STEP.search(said):
                mute.append((shown(path), said))
    assert mute == []


@pytest.mark.parametrize("rule", [r"click here", r"\bplease\b", r"!", r"\bkindly\b", r"\binvalid\b"])
def test_the_english_is_as_calm(rule):
    wrong = []
    for source in catalogues(SOURCE):
        if source.parent.parent.name == "en":
            with source.open("rb") as file:
                for message in read_po(file, locale="en"):
                    forms = message.string if isinstance(message.string, tuple) else (message.string,)
                    wrong += [(shown(source), form) for form in forms if message.id and re.search(rule, form, re.I)]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Cliquez ici pour valider.", True),
        ("Veuillez renseigner ce champ.", True),
        ("Envoyez votre e-mail.", True),
        ("Écrivez votre nom de famille.", False),
        ("Un accusé part à %(email)s.", False),
        ("contact@mail.example", False),
    ],
)
def test_the_rule_on_jargon_finds_jargon(text, wrong):
    assert bool(jargon(text)) is wrong


def test_the_rule_on_length_counts_each_sentence():
    short = "Une phrase courte. " * 20
    assert too_long(short, 5) == []
    assert too_long("mot " * 26, 25)
