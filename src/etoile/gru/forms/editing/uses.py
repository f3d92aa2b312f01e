"""Who uses a question: read in the source, so that a draft that is not finished answers too."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.forms.editing.source import Node, Source
from etoile.gru.forms.texts import Text

# Where a question may be named, and how it is said: « Tarif » (son calcul).
WAYS: dict[str, str | Promise] = {
    "visible_when": gettext_lazy("quand l’afficher"),
    "required_when": gettext_lazy("quand la rendre obligatoire"),
    "formula": gettext_lazy("son calcul"),
    "inputs": gettext_lazy("sa recherche dans un logiciel"),
    "when": gettext_lazy("sa condition"),
    "amount_from": gettext_lazy("son montant"),
}
_OWNERS = {"ineligible": gettext_lazy("Demande impossible"), "routing": gettext_lazy("Orientation")}


@dataclass(frozen=True, slots=True)
class Use:
    """`kind` and `id` of what uses the question, `way` a key of `WAYS`, `name` what people see of it."""

    kind: str
    id: str
    way: str
    name: str

    @property
    def way_words(self) -> str:
        return str(WAYS[self.way])

    def __str__(self) -> str:
        return f"« {self.name} » ({self.way_words})"


def uses(source: Node, identifier: str) -> list[Use]:
    """Everything that reads the answer to this question, in the order of the form."""
    return [use for use, read in readings(source) if identifier in read]


def readings(source: Node) -> Iterator[tuple[Use, set[str]]]:
    """Everything that reads answers, in the order of the form, with the questions it reads."""
    for place in Source(source).walk():
        node = place.node
        name = str(Text.of(node.get("label") or node.get("title"))) or str(node.get("id"))
        settings = node.get("settings") or {}
        read = {key: tree_reads(node.get(key)) for key in ("visible_when", "required_when")}
        read["formula"] = set(re.findall(r"[a-z][a-z0-9_]*", str(settings.get("formula", ""))))
        read["inputs"] = {str(each) for each in (settings.get("inputs") or {}).values()}
        yield from ((Use(place.kind, str(node.get("id")), way, name), found) for way, found in read.items() if found)
    yield from _rules(source)


def _rules(source: Node) -> Iterator[tuple[Use, set[str]]]:
    for kind in ("ineligible", "routing"):
        for number, rule in enumerate(source.get(kind) or []):
            yield Use(kind, str(rule.get("id", number)), "when", str(_OWNERS[kind])), tree_reads(rule.get("when"))
    for number, step in enumerate((source.get("workflow") or {}).get("transitions") or []):
        name = str(Text.of(step.get("label"))) or str(step.get("id", ""))
        yield Use("transition", str(number), "when", name), tree_reads(step.get("when"))
    for number, rule in enumerate((source.get("price") or {}).get("rules") or []):
        name = str(Text.of(rule.get("label"))) or _("Prix")
        yield Use("price", str(number), "when", name), tree_reads(rule.get("when"))
        yield Use("price", str(number), "amount_from", name), {str(rule.get("amount_from", ""))}


def tree_reads(tree: Any) -> set[str]:
    """The questions a tree of conditions speaks of."""
    if isinstance(tree, Mapping):
        own = {str(tree["field"])} if isinstance(tree.get("field"), str) else set()
        return own.union(*(tree_reads(tree.get(group)) for group in ("all", "any", "not")))
    return set().union(*(tree_reads(each) for each in tree)) if isinstance(tree, list) else set()


def answers_waited(node: Any, identifier: str) -> set[str]:
    """The texts that conditions anywhere compare this question with."""
    if isinstance(node, list):
        return set().union(*(answers_waited(each, identifier) for each in node))
    if not isinstance(node, Mapping):
        return set()
    if node.get("field") == identifier and "op" in node:
        value = node.get("value")
        return {each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)}
    return set().union(*(answers_waited(each, identifier) for each in node.values()))
