"""The source of a draft, and how to find a page, a section, a question… in it by its identifier."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from etoile.gru.forms.editing.errors import EditRefused

Node = dict[str, Any]

# Lists of the procedure itself, by the kind of what they hold.
LISTS = {"page": "pages", "document": "documents", "declaration": "declarations", "ineligible": "ineligible"}
LONGEST = 40


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node stands: itself, the list it is in, and what holds that list (None for the procedure itself)."""

    kind: str
    node: Node
    among: list[Node]
    parent: "Place | None" = None

    @property
    def index(self) -> int:
        return next(number for number, each in enumerate(self.among) if each is self.node)

    @property
    def page(self) -> "Place":
        return self if self.parent is None else self.parent.page


class Source:
    """A mutable copy of what a version stores. Raises `EditRefused` for what it does not hold."""

    def __init__(self, data: Node) -> None:
        self.data = data

    def walk(self) -> Iterator[Place]:
        """Pages, sections, questions and the questions of blocks, in the order of the form."""
        pages = _held(self.data, "pages")
        for page in pages:
            here = Place("page", page, pages)
            yield here
            sections = _held(page, "sections")
            for section in sections:
                inside = Place("section", section, sections, here)
                yield inside
                yield from self._fields(section, inside)

    def _fields(self, holder: Node, parent: Place) -> Iterator[Place]:
        among = _held(holder, "fields")
        for each in among:
            here = Place("field", each, among, parent)
            yield here
            if each.get("type") == "repeated":
                yield from self._fields(each, here)

    def find(self, kind: str, identifier: str) -> Place:
        """`kind` among page, section, field, document, declaration, ineligible."""
        if kind in ("document", "declaration", "ineligible"):
            among = _held(self.data, LISTS[kind])
            places: Iterator[Place] = (Place(kind, each, among) for each in among)
        else:
            places = (place for place in self.walk() if place.kind == kind)
        found = next((place for place in places if place.node.get("id") == identifier), None)
        if found is None:
            raise EditRefused(
                [_("Cet élément n’existe plus dans la démarche : quelqu’un l’a retiré. Revenez au plan.")]
            )
        return found

    def listed(self, kind: str) -> list[Node]:
        """The list that holds everything of a kind; made when there is none."""
        return _made(self.data, LISTS[kind])

    def listed_now(self, kind: str) -> list[Node]:
        """The same, and nothing is made."""
        return _held(self.data, LISTS[kind])

    def holder(self, kind: str, identifier: str) -> list[Node]:
        """The list of what a page (sections), a section or a block (questions) holds."""
        place = self.find(kind, identifier)
        return _made(place.node, "sections" if kind == "page" else "fields")

    def fresh(self, words: str, *, dashes: bool = False, avoid: frozenset[str] = frozenset()) -> str:
        """An identifier made of words (`Type de stand` → `type_de_stand`), that nothing here has."""
        base = ("-" if dashes else "_").join(plain_words(words) or ["element"])
        base = base if dashes or base[0].isalpha() else f"q_{base}"
        base = base[:LONGEST].strip("-_")
        taken = self.identifiers() | avoid
        number, found = 2, base
        while found in taken:
            found, number = f"{base}{'-' if dashes else '_'}{number}", number + 1
        return found

    def identifiers(self) -> set[str]:
        everything = {str(place.node.get("id")) for place in self.walk()}
        return everything | {str(each.get("id")) for key in LISTS.values() for each in _held(self.data, key)}


def plain_words(words: str) -> list[str]:
    """What an identifier is made of: « Type d’étal » gives `type`, `d`, `etal`."""
    plain = unicodedata.normalize("NFKD", words.replace("’", " ")).encode("ascii", "ignore").decode().lower()
    return re.findall(r"[a-z0-9]+", plain)


def _held(node: Node, key: str) -> list[Node]:
    return node.get(key) or []


def _made(node: Node, key: str) -> list[Node]:
    return node.setdefault(key, [])  # type: ignore[no-any-return]
