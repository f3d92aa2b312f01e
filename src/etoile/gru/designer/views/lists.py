"""What is not on a page of the form: documents asked, commitments before sending."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from etoile.gru.designer.acting import acted
from etoile.gru.designer.desk import Desk, on_draft, on_procedure
from etoile.gru.designer.outline import Line
from etoile.gru.designer.words import Worded, initial, line, lines
from etoile.gru.forms.editing import questions, structure
from etoile.gru.forms.editing.source import Node, Source


class DocumentForm(Worded):
    texts = ("label", "hint")
    label = line(
        gettext_lazy("Nom de la pièce"),
        most=300,
        required=gettext_lazy("Écrivez le nom de la pièce, par exemple : Pièce d’identité."),
        hint=gettext_lazy("Exemple : Justificatif de domicile de moins de trois mois"),
    )
    hint = lines(gettext_lazy("Précisions"), rows=2, hint=gettext_lazy("Ce qui convient, où l’obtenir."))
    indispensable = forms.BooleanField(
        label=gettext_lazy("Indispensable"),
        required=False,
        help_text=gettext_lazy("Seule une pièce indispensable qui manque suspend le délai de réponse."),
    )
    obtainable_from = forms.CharField(
        label=gettext_lazy("Administration qui peut la fournir"),
        required=False,
        max_length=100,
        help_text=gettext_lazy(
            "La loi veut qu’on la demande d’abord à elle. Exemple : Caisse d’allocations familiales"
        ),
    )
    label_en = line(gettext_lazy("Nom en anglais"), most=300)
    hint_en = lines(gettext_lazy("Précisions en anglais"), rows=2)

    def values(self) -> dict[str, Any]:
        given = self.cleaned_data
        plain = {name: given[name] for name in ("indispensable", "obtainable_from")}
        return {"label": self.said("label"), "hint": self.said("hint"), **plain}


class DeclarationForm(Worded):
    texts = ("label", "hint", "purpose")
    label = line(
        gettext_lazy("Ce que la personne certifie"),
        most=400,
        required=gettext_lazy("Écrivez la phrase à cocher. Exemple : Je certifie que ces informations sont exactes"),
        hint=gettext_lazy("Une phrase à la première personne. Exemple : J’ai lu le règlement de la brocante"),
    )
    hint = lines(gettext_lazy("Précisions"), rows=2)
    purpose = line(
        gettext_lazy("Pourquoi cet engagement"), hint=gettext_lazy("Exemple : Engager la personne sur sa réponse")
    )
    optional = forms.BooleanField(label=gettext_lazy("Il n’est pas obligatoire de le cocher"), required=False)
    label_en = line(gettext_lazy("La phrase en anglais"), most=400)
    hint_en = lines(gettext_lazy("Précisions en anglais"), rows=2)
    purpose_en = line(gettext_lazy("Pourquoi, en anglais"))

    def values(self) -> dict[str, Any]:
        return {name: self.said(name) for name in self.texts}


KINDS: dict[str, Any] = {
    "document": {
        "form": DocumentForm,
        "route": "documents",
        "title": gettext_lazy("Pièces demandées"),
        "lead": gettext_lazy("La liste est montrée avant de commencer. Une question « Fichier à joindre » y répond."),
        "add": gettext_lazy("Ajouter une pièce"),
        "none": gettext_lazy("Aucune pièce n’est demandée : c’est plus simple pour tout le monde."),
        "added": gettext_lazy("La pièce est ajoutée. Ajoutez maintenant la question qui la demande."),
        "kept": gettext_lazy("La pièce est enregistrée."),
    },
    "declaration": {
        "form": DeclarationForm,
        "route": "declarations",
        "title": gettext_lazy("Engagements"),
        "lead": gettext_lazy("Les cases à cocher avant l’envoi, sur la dernière page."),
        "add": gettext_lazy("Ajouter un engagement"),
        "none": gettext_lazy("Aucun engagement n’est demandé avant l’envoi."),
        "added": gettext_lazy("L’engagement est ajouté."),
        "kept": gettext_lazy("L’engagement est enregistré."),
    },
}


@on_procedure
@require_safe
def documents(request: HttpRequest, desk: Desk) -> HttpResponse:
    return _listing(
        request, desk, "document", [_document_marks(desk, each) for each in desk.version.source.get("documents") or []]
    )


@on_procedure
@require_safe
def declarations(request: HttpRequest, desk: Desk) -> HttpResponse:
    found = desk.version.source.get("declarations") or []
    return _listing(
        request, desk, "declaration", [() if each.get("required", True) else (_("facultatif"),) for each in found]
    )


def _listing(request: HttpRequest, desk: Desk, kind: str, marks: list[tuple[str, ...]]) -> HttpResponse:
    nodes = desk.version.source.get(f"{kind}s") or []
    shown = {
        "desk": desk,
        "kind": kind,
        "words": KINDS[kind],
        "lines": [listed(desk, kind, each, marks[at], at, len(nodes)) for at, each in enumerate(nodes)],
        "here": "",
    }
    return render(request, "designer/listed.html", shown)


def listed(desk: Desk, kind: str, node: Node, marks: tuple[str, ...], number: int, total: int) -> Line:
    words = node.get("label") or node.get("message")
    said = initial({"words": words}, "words")["words"] or str(node["id"])
    href = reverse("designer:listed", args=[desk.slug, kind, node["id"]])
    return Line(kind, str(node["id"]), said, href, marks=marks, is_first=number == 0, is_last=number == total - 1)


@on_draft
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, desk: Desk, kind: str) -> HttpResponse:
    form = _form(request, kind, {})

    def keep() -> str:
        questions.add_listed(desk.edit(request), kind, _values(form, kind))
        return home(desk, kind)

    return acted(
        request, desk, form, "designer/element.html", keep, str(KINDS[kind]["added"]), **_shown(desk, kind, None)
    )


@on_draft
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, desk: Desk, kind: str, identifier: str) -> HttpResponse:
    if kind not in KINDS:
        raise Http404(_("Cette page n’existe pas."))
    node = Source(desk.version.source).find(kind, identifier).node
    form = _form(request, kind, node)

    def keep() -> str:
        structure.set_values(desk.edit(request), kind, identifier, _values(form, kind))
        return home(desk, kind)

    return acted(
        request, desk, form, "designer/element.html", keep, str(KINDS[kind]["kept"]), **_shown(desk, kind, node)
    )


def home(desk: Desk, kind: str) -> str:
    return reverse(f"designer:{KINDS[kind]['route']}", args=[desk.slug])


def _form(request: HttpRequest, kind: str, node: Node) -> Any:
    if kind not in KINDS:
        raise Http404(_("Cette page n’existe pas."))
    form = KINDS[kind]["form"]
    first = {**initial(node, *form.texts), "optional": not node.get("required", True)}
    first |= {name: node.get(name) for name in ("indispensable", "obtainable_from")}
    return form(request.POST if request.method == "POST" else None, initial=first)


def _values(form: Any, kind: str) -> dict[str, Any]:
    """A declaration is required unless the source says it is not."""
    values: dict[str, Any] = form.values()
    return {**values, "required": FALSE if form.cleaned_data["optional"] else None} if kind == "declaration" else values


# Written as it is: an absent key means the contrary.
FALSE = structure.Written(False)


def _shown(desk: Desk, kind: str, node: Node | None) -> dict[str, Any]:
    return {"words": KINDS[kind], "kind": kind, "node": node, "here": "", "home": home(desk, kind)}


def _document_marks(desk: Desk, node: Node) -> tuple[str, ...]:
    asked = next((each for each in desk.definition.every_field() if each.document == node.get("id")), None)
    found = [_("indispensable")] if node.get("indispensable") else []
    if node.get("obtainable_from"):
        found.append(_("peut venir de : %(who)s") % {"who": node["obtainable_from"]})
    words = (
        _("demandée par « %(label)s »") % {"label": asked.label} if asked else _("aucune question ne la demande encore")
    )
    return (*found, words)
