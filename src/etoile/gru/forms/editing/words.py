"""What the reading of a definition says, with the words of the form in the place of identifiers."""

import re
from collections.abc import Sequence

from etoile.gru.forms.editing.source import Node, Source
from etoile.gru.forms.texts import Text

_NAMED = re.compile(r"(?:champ|section|page|document) « (?P<id>[a-z][a-z0-9_-]*) »|« (?P<alone>[a-z][a-z0-9_-]*) »")


def in_plain_words(problems: Sequence[str], source: Node) -> list[str]:
    """The problems of a `DefinitionError`, each identifier replaced by the label people see."""
    names = labels(source)

    def said(found: re.Match[str]) -> str:
        label = names.get(found["id"] or found["alone"])
        return f"« {label} »" if label else found[0]

    return [_NAMED.sub(said, each) for each in problems]


def labels(source: Node) -> dict[str, str]:
    """What people see of each page, section and question, by identifier."""
    found: dict[str, str] = {}
    for place in Source(source).walk():
        if place.node.get("label") or place.node.get("title"):
            found[str(place.node.get("id"))] = named(place.node)
    return found


def named(node: Node) -> str:
    """What people see of a node; its identifier when nothing is written yet."""
    words = node.get("label") or node.get("title") or node.get("message")
    return str(Text.of(words)) or str(node.get("id", ""))
