"""A question: choosing its type, writing it, copying it."""

from typing import Any

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from etoile.gru.designer import kinds
from etoile.gru.designer.acting import acted
from etoile.gru.designer.desk import Desk, on_draft
from etoile.gru.designer.field_form import FieldForm, kind_of
from etoile.gru.designer.outline import labels
from etoile.gru.designer.views.structure import anchored
from etoile.gru.forms.editing import questions, structure
from etoile.gru.forms.editing.errors import EditRefused
from etoile.gru.forms.editing.source import Node, Place, Source
from etoile.gru.forms.editing.words import named
from etoile.gru.forms.sentences import sentence


@on_draft
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, desk: Desk, holder: str) -> HttpResponse:
    """First the type, then the question: it is only made once it can be read."""
    place = _holder(desk, holder)
    kind = kind_of(request.GET.get("type", ""))
    if kind is None or kind.name in kinds.ELSEWHERE:
        shown = {"desk": desk, "families": kinds.offered(in_block=place.kind == "field"), "place": named(place.node)}
        return render(request, "designer/kinds.html", shown | {"here": f"{place.kind}-{holder}"})
    form = FieldForm(kind, {}, _documents(desk), *([request.POST] if request.method == "POST" else []))

    def keep() -> str:
        values = {**form.values(), "type": kind.name}
        _draft, made = questions.add_field(desk.edit(request), holder, values, in_block=place.kind == "field")
        return anchored(desk, f"field-{made}")

    return _acted(request, desk, form, keep, _("La question est ajoutée."), here=f"{place.kind}-{holder}", node=None)


@on_draft
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, desk: Desk, field: str) -> HttpResponse:
    node = Source(desk.version.source).find("field", field).node
    kind = kind_of(str(node["type"]))
    if kind is None:
        raise Http404(_("Cette question n’existe pas."))
    form = FieldForm(kind, node, _documents(desk), *([request.POST] if request.method == "POST" else []))

    def keep() -> str:
        questions.set_field(desk.edit(request), field, form.values())
        return anchored(desk, f"field-{field}")

    said = _("La question est enregistrée.")
    return _acted(request, desk, form, keep, said, here=f"field-{field}", node=node)


@on_draft
@require_POST
def duplicate(request: HttpRequest, desk: Desk, field: str) -> HttpResponse:
    _draft, made = structure.duplicate(desk.edit(request), field)
    notes.success(request, _("La question est copiée. Changez ce qui doit l’être."))
    return redirect("designer:field", desk.slug, made)


def _acted(
    request: HttpRequest, desk: Desk, form: FieldForm, keep: Any, said: str, *, here: str, node: Node | None
) -> HttpResponse:
    shown = {
        "node": node,
        "here": here,
        "kind": form.kind,
        "kind_label": kinds.label_of(form.kind),
        "kind_hint": kinds.hint_of(form.kind),
        "conditions": [],
        "back": reverse("designer:outline", args=[desk.slug]),
    }
    if request.method == "POST" and ("more" in request.POST or "option-up" in request.POST):
        return render(request, "designer/field.html", {"desk": desk, "form": form, "refused": None, **shown})
    return acted(request, desk, form, "designer/field.html", keep, said, **shown)


def _conditions(desk: Desk, node: Node) -> list[dict[str, str]]:
    """Its conditions, in words: `key`, `what`, `words`."""
    names = labels(desk.definition)
    found = [("visible_when", _("Afficher si"), _("Toujours affichée"))]
    kind = kind_of(str(node["type"]))
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
