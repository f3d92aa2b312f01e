"""Every sentence of a screen goes through gettext, in templates and in code. What does not, and why, is listed here."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from tests.architecture.tree import SOURCE, shown

CALLS = {
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "_",
    "_now",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
}
FRENCH = re.compile(
    r"[àâçéèêëîïôùûœÀÉÈÊÎÔ«’]|\b(?:le|la|les|une?|des|du|est|sont|pas|vous|votre|cette?|pour|avec|dans)\b",
    re.IGNORECASE,
)
# Told to whoever writes the file, at the place of the fault, as the file itself is in French.
LOADERS = (
    "gru/forms/ gru/content/parsing.py gru/content/services.py gru/access/services.py gru/access/themes.py"
    " design/theme.py design/colours.py design/oklch.py"
)
# Written in the journal, the history or a notice of the hub: one language, whoever reads it later.
RECORDED = (
    "gru/cases/returns.py gru/inbox/services.py gru/outbox/services.py gru/people/ hub/lookups/ hub/routing/"
    " hub/worker/ hub/registry/ hub/reconciliation/ hub/delivery/"
)
# Answers to programs, names of rooms and scopes, examples of the gallery, French words said of French words.
OTHERS = (
    "design/plain_words.py gru/api/ gru/settings.py hub/intake/ design/gallery/ gru/portal/apps.py gru/inbox/apps.py"
    " gru/outbox/apps.py"
)
LEFT_OUT = tuple(" ".join((LOADERS, RECORDED, OTHERS)).split())
# Before any language is known, or in the two at once.
BILINGUAL = {"500.html", "500_bare.html"}
# Their tags are cut in two by conditions: the parser reads attributes as words.
FRAGMENTS = {"table.html", "_attributes.html"}
PROPER = {"étoile", "fr", "en", "siret", "api", "html", "css", "chromium", "axe-core", "json", "csv", "ms"}


def sentences(path: Path) -> Iterator[tuple[int, str]]:
    """French sentences of a Python file that are neither documentation nor given to gettext."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    told: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in CALLS:
                told.update(id(each) for each in ast.walk(node))
        elif isinstance(node, ast.Expr):
            told.add(id(node.value))
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in told else None
        if isinstance(text, str) and _is_sentence(text):
            yield node.lineno, text


def _is_sentence(text: str) -> bool:
    return " " in text and len(re.findall(r"[^\W\d_]{2,}", text)) >= 3 and bool(FRENCH.search(text))


class Words(HTMLParser):
    """What a template shows outside its tags, and in the attributes that are read out."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0
        bare = re.sub(r"{%\s*comment.*?{%\s*endcomment\s*%}|{#.*?#}", "", source, flags=re.DOTALL)
        bare = re.sub(r"{%\s*blocktranslate\b.*?{%\s*endblocktranslate\s*%}", "", bare, flags=re.DOTALL)
        bare = re.sub(r"{%\s*block (?:body_class|main_class)\s*%}.*?{%\s*endblock\s*%}", "", bare)
        self.feed(re.sub(r"{%.*?%}|{{.*?}}", " ", bare, flags=re.DOTALL))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in {"style", "script", "code", "pre", "svg"}
        for name, value in attrs:
            if name in {"title", "aria-label", "alt", "placeholder"} and value:
                self.handle_data(value)

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in {"style", "script", "code", "pre", "svg"}

    def handle_data(self, data: str) -> None:
        if not self.silent:
            bare = re.sub(r"\b\S+\.\w+(?:/\S*)?", "", data)  # an address is nobody's language
            self.found += re.findall(r"[^\W\d_]{2,}(?:-[^\W\d_]+)*", bare)


def test_no_french_sentence_of_the_code_is_outside_gettext():
    found = [
        (f"{shown(path)}:{line}", text)
        for place in ("design", "gru", "hub")
        for path in sorted((SOURCE / place).rglob("*.py"))
        if not {"migrations", "management", "tests"} & set(path.parts)
        and not path.relative_to(SOURCE).as_posix().startswith(LEFT_OUT)
        for line, text in sentences(path)
    ]
    assert found == []


def test_no_word_of_a_template_is_outside_gettext():
    found = []
    for path in sorted(SOURCE.glob("*/**/templates/**/*.html")):
        if "gallery" in path.parts or path.name in BILINGUAL | FRAGMENTS or "doubles" in path.parts:
            continue
        words = {word for word in Words(path.read_text()).found if word.lower() not in PROPER}
        if words:
            found.append((shown(path), sorted(words)))
    assert found == []


def test_a_place_is_left_out_only_while_it_needs_to_be():
    needed = {
        place
        for place in LEFT_OUT
        for path in ((SOURCE / place).rglob("*.py") if place.endswith("/") else [SOURCE / place])
        if "migrations" not in path.parts and any(sentences(path))
    }
    assert set(LEFT_OUT) - needed == set()
