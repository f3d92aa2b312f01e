"""Pages, sections, and where things stand: adding, naming, moving, taking away."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from etoile.gru.forms.editing.change import Change, Edit, changing
from etoile.gru.forms.editing.errors import EditRefused
from etoile.gru.forms.editing.source import Node, Place, Source
from etoile.gru.forms.editing.uses import readings, uses
from etoile.gru.forms.editing.words import named
from etoile.gru.forms.models import ProcedureVersion

UP, DOWN = "up", "down"


def add_page(edit: Edit, title: Mapping[str, str]) -> tuple[ProcedureVersion, str]:
    """A page with an empty section, before the page that asks who the person is when it comes last."""
    with changing(edit, "page_added") as change:
        source = change.source
        pages = source.listed("page")
        made: Node = {"id": source.fresh(title["fr"], dashes=True), "title": dict(title), "sections": []}
        pages.insert(len(pages) - 1 if pages and _identifies(pages[-1]) else len(pages), made)
        made["sections"].append({"id": source.fresh(f"{title['fr']} questions"), "fields": []})
        change.about("page", made)
    return kept(change), made["id"]


def add_section(edit: Edit, page: str, values: Mapping[str, Any]) -> tuple[ProcedureVersion, str]:
    """`values`: title, explanation. At the end of the page."""
    with changing(edit, "section_added") as change:
        words = (values.get("title") or {}).get("fr") or page
        made: Node = {"id": change.source.fresh(words), "fields": []}
        change.source.holder("page", page).append(made)
        put(made, values)
        change.about("section", made)
    return kept(change), made["id"]


def set_values(edit: Edit, kind: str, identifier: str, values: Mapping[str, Any]) -> ProcedureVersion:
    """Write values on a page, a section, a question, a document, a declaration; an empty one takes its key away."""
    with changing(edit, f"{kind}_changed") as change:
        place = change.source.find(kind, identifier)
        put(place.node, values)
        change.about(kind, place.node)
    return kept(change)


def move(edit: Edit, kind: str, identifier: str, direction: str) -> ProcedureVersion:
    """One step up or down. At the end of its section a question goes on into the next one; a section, into the next
    page.

    Raises `EditRefused`, with who would be upset, when a condition would then speak of what comes after it.
    """
    with changing(edit, f"{kind}_moved") as change:
        place = change.source.find(kind, identifier)
        step = -1 if direction == UP else 1
        target, index = place.among, place.index + step
        if not 0 <= index < len(place.among):
            target = _beside(change.source, place, step)
            index = len(target) if step < 0 else 0
        place.among.remove(place.node)
        target.insert(index, place.node)
        change.about(kind, place.node)
        _refuse_forward(change.source)
    return kept(change)


def move_to(edit: Edit, identifier: str, holder: str, index: int) -> ProcedureVersion:
    """A question to a place (0 is the first) in a section or a block; what dragging does."""
    with changing(edit, "field_moved") as change:
        place = change.source.find("field", identifier)
        kind = "section" if any(_is(each, "section", holder) for each in change.source.walk()) else "field"
        target = change.source.holder(kind, holder)
        if kind == "field" and place.node.get("type") == "repeated":
            raise EditRefused([_("Un bloc ne se place pas dans un autre bloc. Placez-le dans une partie de page.")])
        place.among.remove(place.node)
        target.insert(max(0, min(index, len(target))), place.node)
        change.about("field", place.node)
        _refuse_forward(change.source)
    return kept(change)


def remove(edit: Edit, kind: str, identifier: str) -> ProcedureVersion:
    """Raises `EditRefused` with who uses it when something does: nothing is emptied behind anybody's back."""
    with changing(edit, f"{kind}_removed") as change:
        place = change.source.find(kind, identifier)
        change.about(kind, place.node)
        place.among.remove(place.node)
        gone = gone_with(place)
        users = [use for each in gone for use in uses(change.source.data, str(each.get("id")))]
        if users:
            raise EditRefused([_("%(name)s s’en sert. Changez d’abord cette règle.") % {"name": use} for use in users])
    return kept(change)


def duplicate(edit: Edit, identifier: str) -> tuple[ProcedureVersion, str]:
    """The same question once more, just after; those of a block come with it."""
    with changing(edit, "field_added") as change:
        place = change.source.find("field", identifier)
        made = copy.deepcopy(place.node)
        made.pop("applicant", None)
        renewed = {str(each["id"]) for each in [made, *made.get("fields", [])]}
        for each in [made, *made.get("fields", [])]:
            each["id"] = change.source.fresh(str(each["id"]), avoid=change.reserved | renewed)
            renewed.add(each["id"])
        place.among.insert(place.index + 1, made)
        change.about("field", made)
    return kept(change), made["id"]


@dataclass(frozen=True, slots=True)
class Written:
    """A value to write though it is empty: `false` where a key that is absent means `true`."""

    value: Any


def put(node: Node, values: Mapping[str, Any]) -> None:
    """Write what is given; what is empty (`None`, "", [], {}, False) is not written, and its key goes."""
    for key, value in values.items():
        if isinstance(value, Written):
            node[key] = value.value
        elif value is None or value is False or value in ("", [], {}):
            node.pop(key, None)
        else:
            node[key] = value


def kept(change: Change) -> ProcedureVersion:
    if change.draft is None:
        raise RuntimeError("a change is read before it is kept")
    return change.draft


def _beside(source: Source, place: Place, step: int) -> list[Node]:
    """The list where what leaves its own by one end goes on: the next section or page, in the order of the form."""
    if place.parent is None:
        raise EditRefused([_("C’est déjà la première page.") if step < 0 else _("C’est déjà la dernière page.")])
    if place.parent.kind == "field":
        raise EditRefused([_("Une question reste dans son bloc. Pour l’en sortir, retirez-la et ajoutez-la ailleurs.")])
    holders = [each for each in source.walk() if each.kind == place.parent.kind]
    number = next(number for number, each in enumerate(holders) if each.node is place.parent.node) + step
    if not 0 <= number < len(holders):
        raise EditRefused([_("C’est déjà la première place.") if step < 0 else _("C’est déjà la dernière place.")])
    return source.holder(place.parent.kind, str(holders[number].node["id"]))


def _refuse_forward(source: Source) -> None:
    """Conditions look back only. Said with the names of both questions, before the reading of the whole says it."""
    places = {str(place.node.get("id")): (number, place) for number, place in enumerate(source.walk())}
    upset = [
        _("« %(user)s » dépend de « %(read)s » (%(way)s) : elle doit rester après.")
        % {"user": use.name, "read": named(places[name][1].node), "way": use.way_words}
        for use, read in readings(source.data)
        if use.id in places
        for name in sorted(read & places.keys())
        if places[use.id][0] < places[name][0]
    ]
    if upset:
        raise EditRefused(upset)


def gone_with(place: Place) -> list[Node]:
    """What goes away with it: itself, and all that a page, a section or a block holds."""
    wrapped = {
        "page": lambda node: node,
        "section": lambda node: {"sections": [node]},
        "field": lambda node: {"sections": [{"fields": [node]}]},
    }.get(place.kind)
    if wrapped is None:
        return [place.node]
    inside = Source({"pages": [wrapped(place.node)]}).walk()
    return [place.node, *(each.node for each in inside if each.node is not place.node and "id" in each.node)]


def _is(place: Place, kind: str, identifier: str) -> bool:
    return place.kind == kind and place.node.get("id") == identifier


def _identifies(page: Node) -> bool:
    """The page asks who the person is: it is answered last."""
    return any(each.node.get("applicant") for each in Source({"pages": [page]}).walk())
