"""Questions and the other lists of a procedure: adding them, and the conditions on them."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from etoile.gru.forms.editing.change import Change, Edit, changing
from etoile.gru.forms.editing.errors import EditRefused
from etoile.gru.forms.editing.source import Node, Source
from etoile.gru.forms.editing.structure import kept, put
from etoile.gru.forms.editing.uses import answers_waited
from etoile.gru.forms.models import ProcedureVersion
from etoile.gru.forms.texts import Text

Tree = Mapping[str, Any]
# In the place of a document: make one of the same words as the question.
NEW_DOCUMENT = "+"
# Which trees of conditions each kind of element may carry.
CONDITIONS = {
    "field": ("visible_when", "required_when"),
    "section": ("visible_when",),
    "ineligible": ("when",),
    "routing": ("when",),
    "price": ("when",),
    "transition": ("when",),
}


def add_field(
    edit: Edit, holder: str, values: Mapping[str, Any], *, after: str = "", in_block: bool = False
) -> tuple[ProcedureVersion, str]:
    """A question at the end of a section (or of a block with `in_block`), or just after another of the same list.

    `values` are the keys of a question without its `id`, which is made from the label and never changes again; those of
    a block have `fields`, a first question at least.
    """
    with changing(edit, "field_added") as change:
        among = change.source.holder("field" if in_block else "section", holder)
        words = (values.get("label") or {}).get("fr") or str(values["type"])
        made: Node = {"id": change.source.fresh(words, avoid=change.reserved), "type": values["type"]}
        put(made, {key: value for key, value in values.items() if key != "type"})
        _listed(change, made)
        for each in made.get("fields", []):
            words = each["label"]["fr"]
            each["id"] = change.source.fresh(words, avoid=change.reserved | {str(made["id"])})
        beside = next((number for number, each in enumerate(among) if each.get("id") == after), len(among) - 1)
        among.insert(beside + 1, made)
        change.about("field", made)
    return kept(change), made["id"]


def set_field(edit: Edit, identifier: str, values: Mapping[str, Any]) -> ProcedureVersion:
    """As `structure.set_values`. A `document` of NEW_DOCUMENT is added to the list of those asked."""
    with changing(edit, "field_changed") as change:
        place = change.source.find("field", identifier)
        _refuse_used_options(change.source, place.node, values)
        put(place.node, values)
        _listed(change, place.node)
        change.about("field", place.node)
    return kept(change)


def add_listed(edit: Edit, kind: str, values: Mapping[str, Any]) -> tuple[ProcedureVersion, str]:
    """A document asked, a declaration, a case where the request is not possible: at the end of its list."""
    with changing(edit, f"{kind}_added") as change:
        words = (values.get("label") or values.get("message") or {}).get("fr") or kind
        made: Node = {"id": change.source.fresh(words, avoid=change.reserved)}
        put(made, values)
        change.source.listed(kind).append(made)
        change.about(kind, made)
    return kept(change), made["id"]


NUMBERED: dict[str, Callable[[Node], list[Node] | None]] = {
    "routing": lambda data: data.get("routing"),
    "price": lambda data: (data.get("price") or {}).get("rules"),
    "transition": lambda data: (data.get("workflow") or {}).get("transitions"),
}


def set_condition(edit: Edit, kind: str, identifier: str, key: str, tree: Tree | None) -> ProcedureVersion:
    """Write a tree of conditions, or take it away with None. `key` as in `CONDITIONS`.

    Those of `NUMBERED` are named by their place in their list, from "0".
    """
    if key not in CONDITIONS.get(kind, ()):
        raise EditRefused([_("On ne met pas de condition ici.")])
    with changing(edit, "condition_changed") as change:
        node = owner(change.source, kind, identifier)
        put(node, {key: dict(tree) if tree else None})
        if key == "required_when" and tree:
            node.pop("required", None)
        change.about(kind, node)
    return kept(change)


def owner(source: Source, kind: str, identifier: str) -> Node:
    """The node that carries a condition."""
    if kind not in NUMBERED:
        return source.find(kind, identifier).node
    rules = NUMBERED[kind](source.data)
    index = int(identifier) if identifier.isdecimal() else -1
    if not rules or not 0 <= index < len(rules):
        raise EditRefused([_("Cette règle n’existe plus : quelqu’un l’a retirée. Revenez au plan.")])
    return rules[index]  # type: ignore[no-any-return]


def set_procedure(edit: Edit, values: Mapping[str, Any], *, verb: str = "presentation_changed") -> ProcedureVersion:
    """Write keys of the procedure itself (title, summary, team, silence, register, price…); empty ones go.

    Its pages, its address and its lists of questions have verbs of their own.
    """
    refused = {"slug", "pages"} & set(values)
    if refused:
        raise ValueError(f"not written this way: {', '.join(sorted(refused))}")
    with changing(edit, verb) as change:
        put(change.source.data, values)
        change.subject = {
            "kind": "procedure",
            "id": str(change.source.data["slug"]),
            "name": change.source.data["title"],
        }
    return kept(change)


def _listed(change: Change, node: Node) -> None:
    """A file answers a document of the list: made here, of the same words, when the question asks for a new one."""
    if node.get("document") == NEW_DOCUMENT:
        words = node.get("label") or {}
        avoid = change.reserved | {str(node["id"])}
        made: Node = {"id": change.source.fresh(words.get("fr", "") or "piece", avoid=avoid), "label": words}
        put(made, {"indispensable": bool(node.get("required"))})
        change.source.listed("document").append(made)
        node["document"] = made["id"]


def _refuse_used_options(source: Source, node: Node, values: Mapping[str, Any]) -> None:
    """An answer that a condition waits for is not taken away behind its back."""
    if "options" not in values:
        return
    kept_values = {each["value"] for each in values["options"]}
    gone = {str(each.get("value")): each for each in node.get("options") or [] if each.get("value") not in kept_values}
    waited = answers_waited(source.data, str(node.get("id")))
    problems = [
        _("La réponse « %(answer)s » est attendue par une condition. Changez d’abord la condition.")
        % {"answer": Text.of(gone[value].get("label"))}
        for value in gone
        if value in waited
    ]
    if problems:
        raise EditRefused(problems)
