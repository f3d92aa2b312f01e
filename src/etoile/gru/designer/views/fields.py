"""A question: choosing its type, writing it, copying it."""

from typing import Any

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from etoile.gru.designer import kinds
from etoile.gru.designer.acting import acted
from etoile.gru.designer.bench import Bench
from etoile.gru.designer.conditions import offers
from etoile.gru.designer.desk import Desk, on_draft
from etoile.gru.designer.field_form import PREFIX, FieldForm
from etoile.gru.designer.outline import labels
from etoile.gru.designer.recipes import recipes
from etoile.gru.designer.views.structure import anchored
from etoile.gru.forms.definition import Field
from etoile.gru.forms.editing import questions, structure
from etoile.gru.forms.editing.errors import EditRefused
from etoile.gru.forms.editing.source import Node, Place, Source
from etoile.gru.forms.editing.words import named
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.fields.calculated import CALCULATED
from etoile.gru.forms.sentences import sentence
from etoile.gru.forms.texts import Text


@on_draft
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, desk: Desk, holder: str) -> HttpResponse:
    """First the type, then the question: it is only made once it can be read."""
    place = _holder(desk, holder)
    kind = TYPES.get(request.GET.get("type", ""))
    asked = _asked(request)
    if kind is None or kind.name in kinds.ELSEWHERE:
        shown = {"desk": desk, "families": kinds.offered(in_block=place.kind == "field")}
        shown["place"] = named(place.node if _said(place) or place.parent is None else place.parent.node)
        return render(request, "designer/kinds.html", shown | {"here": f"{place.kind}-{holder}"})
    form = FieldForm(kind, {}, _documents(desk), *([asked] if asked is not None else []))

    def keep() -> str:
        values = {**form.values(), "type": kind.name}
        _draft, made = questions.add_field(desk.edit(request), holder, values, in_block=place.kind == "field")
        return anchored(desk, f"field-{made}")

    shown = {"here": f"{place.kind}-{holder}", "node": None, "earlier": offers.until(desk.definition, holder)}
    return _acted(request, desk, form, keep, _("La question est ajoutée."), **shown)


@on_draft
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, desk: Desk, field: str) -> HttpResponse:
    node = Source(desk.version.source).find("field", field).node
    kind = TYPES.get(str(node["type"]))
    if kind is None:
        raise Http404(_("Cette question n’existe pas."))
    asked = _asked(request)
    form = FieldForm(kind, node, _documents(desk), *([asked] if asked is not None else []))

    def keep() -> str:
        questions.set_field(desk.edit(request), field, form.values())
        return anchored(desk, f"field-{field}")

    shown = {"here": f"field-{field}", "node": node, "earlier": offers.earlier(desk.definition, "field", field)}
    return _acted(request, desk, form, keep, _("La question est enregistrée."), **shown)


@on_draft
@require_POST
def duplicate(request: HttpRequest, desk: Desk, field: str) -> HttpResponse:
    _draft, made = structure.duplicate(desk.edit(request), field)
    notes.success(request, _("La question est copiée. Changez ce qui doit l’être."))
    return redirect("designer:field", desk.slug, made)


def _acted(
    request: HttpRequest,
    desk: Desk,
    form: FieldForm,
    keep: Any,
    said: str,
    *,
    here: str,
    node: Node | None,
    earlier: Any,
) -> HttpResponse:
    shown = {
        "node": node,
        "here": here,
        "kind": form.kind,
        "kind_label": form.kind.label,
        "kind_hint": kinds.hint_of(form.kind),
        "conditions": _conditions(desk, node) if node else [],
        "back": reverse("designer:outline", args=[desk.slug]),
    }
    if form.kind.name == CALCULATED.name:
        shown |= _bench(request, form, {each.id: each for each in earlier})
    if request.method == "POST" and {"more", "option-up", "try", "recipe"} & set(request.POST):
        return render(request, "designer/field.html", {"desk": desk, "form": form, "refused": None, **shown})
    return acted(request, desk, form, "designer/field.html", keep, said, **shown)


def _bench(request: HttpRequest, form: FieldForm, earlier: dict[str, Field]) -> dict[str, Any]:
    """What the page of a calculated value adds: its recipes, the names it may use, and its trial."""
    tried = Field("", CALCULATED.name, Text("?"), settings=form.trial())
    bench = Bench(tried, earlier, request.POST)
    return {
        "recipes": recipes(earlier),
        "names": earlier.values(),
        "bench": bench,
        "outcome": bench.outcome() if "try" in request.POST else None,
    }


def _asked(request: HttpRequest) -> QueryDict | None:
    """What was posted; a recipe chosen writes its formula in the box."""
    if request.method != "POST":
        return None
    data = request.POST
    formula, arrow, result = data.get("recipe", "").rpartition(" -> ")
    if not arrow:
        return data
    changed = data.copy()
    changed[f"{PREFIX}formula"], changed[f"{PREFIX}result"] = formula, result
    return changed


def _said(place: Place) -> bool:
    return bool(place.node.get("label") or place.node.get("title"))


def _conditions(desk: Desk, node: Node) -> list[dict[str, str]]:
    """Its conditions, in words: `key`, `what`, `words`."""
    names = labels(desk.definition)
    found = [("visible_when", _("Afficher si"), _("Toujours affichée"))]
    kind = TYPES.get(str(node["type"]))
    if kind is not None and kind.answered and not node.get("required"):
        found.append(("required_when", _("Obligatoire si"), _("Jamais obligatoire")))
    return [
        {"key": key, "what": what, "words": sentence(node.get(key), names), "usual": usual}
        for key, what, usual in found
    ]


def _holder(desk: Desk, holder: str) -> Place:
    """A section, or a block."""
    source = Source(desk.version.source)
    for place in source.walk():
        if place.node.get("id") == holder and (place.kind == "section" or place.node.get("type") == "repeated"):
            return place
    raise EditRefused([_("Cette partie n’existe plus : quelqu’un l’a retirée. Revenez au plan.")])


def _documents(desk: Desk) -> dict[str, str]:
    return {each.id: str(each.label) for each in desk.definition.documents}
