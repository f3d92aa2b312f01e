"""Pages and sections: adding, naming; and taking anything away."""

from typing import Any

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from etoile.gru.designer.acting import acted
from etoile.gru.designer.desk import Desk, on_draft
from etoile.gru.designer.outline import labels
from etoile.gru.designer.words import Worded, initial, line, lines
from etoile.gru.forms.editing import structure
from etoile.gru.forms.editing.source import Source
from etoile.gru.forms.editing.uses import uses
from etoile.gru.forms.editing.words import named
from etoile.gru.forms.sentences import sentence


class PageForm(Worded):
    texts = ("title",)
    title = line(
        gettext_lazy("Titre de la page"),
        required=gettext_lazy("Écrivez le titre de la page, par exemple : Votre stand."),
        hint=gettext_lazy("Une page, une idée. Exemple : Votre stand"),
    )
    title_en = line(gettext_lazy("Titre en anglais"))

    def values(self) -> dict[str, Any]:
        return {"title": self.said("title")}


class SectionForm(Worded):
    texts = ("title", "explanation")
    title = line(
        gettext_lazy("Titre de la partie"),
        hint=gettext_lazy("Il groupe des questions sur la page. Sans titre, les questions se suivent."),
    )
    title_en = line(gettext_lazy("Titre en anglais"))
    explanation = lines(
        gettext_lazy("Explication"),
        hint=gettext_lazy("Ce qu’il faut savoir avant de répondre, en deux phrases au plus."),
    )
    explanation_en = lines(gettext_lazy("Explication en anglais"))

    def values(self) -> dict[str, Any]:
        return {"title": self.said("title"), "explanation": self.said("explanation")}


@on_draft
@require_http_methods(["GET", "HEAD", "POST"])
def add_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    form = PageForm(request.POST or None)

    def keep() -> str:
        _draft, made = structure.add_page(desk.edit(request), form.said("title"))
        return anchored(desk, f"page-{made}")

    said = _("La page est ajoutée. Ajoutez-lui des questions.")
    return acted(request, desk, form, "designer/page.html", keep, said)


@on_draft
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, desk: Desk, page: str) -> HttpResponse:
    node = Source(desk.version.source).find("page", page).node
    form = PageForm(request.POST or None, initial=initial(node, "title"))

    def keep() -> str:
        structure.set_values(desk.edit(request), "page", page, form.values())
        return anchored(desk, f"page-{page}")

    shown = {"node": node, "here": f"page-{page}"}
    return acted(request, desk, form, "designer/page.html", keep, _("Le titre de la page est enregistré."), **shown)


@on_draft
@require_http_methods(["GET", "HEAD", "POST"])
def add_section(request: HttpRequest, desk: Desk, page: str) -> HttpResponse:
    Source(desk.version.source).find("page", page)
    form = SectionForm(request.POST or None)

    def keep() -> str:
        _draft, made = structure.add_section(desk.edit(request), page, form.values())
        return anchored(desk, f"section-{made}")

    said = _("La partie est ajoutée. Ajoutez-lui des questions.")
    return acted(request, desk, form, "designer/section.html", keep, said, here=f"page-{page}")


@on_draft
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, desk: Desk, section: str) -> HttpResponse:
    node = Source(desk.version.source).find("section", section).node
    form = SectionForm(request.POST or None, initial=initial(node, "title", "explanation"))

    def keep() -> str:
        structure.set_values(desk.edit(request), "section", section, form.values())
        return anchored(desk, f"section-{section}")

    words = sentence(node.get("visible_when"), labels(desk.definition))
    rule = {"key": "visible_when", "what": _("Afficher si"), "words": words, "usual": _("Toujours affichée")}
    shown = {"node": node, "here": f"section-{section}", "conditions": [rule]}
    return acted(request, desk, form, "designer/section.html", keep, _("La partie est enregistrée."), **shown)


@on_draft
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, desk: Desk, kind: str, identifier: str) -> HttpResponse:
    """Asks first; says who uses it when somebody does, and then offers no button."""
    if kind not in REMOVED:
        raise Http404(_("Cette page n’existe pas."))
    source = Source(desk.version.source)
    place = source.find(kind, identifier)
    gone = structure.gone_with(place)
    users = [use for each in gone for use in uses(desk.version.source, str(each.get("id"))) if use.id not in _ids(gone)]
    if request.method == "POST" and not users:
        structure.remove(desk.edit(request), kind, identifier)
        notes.success(request, _("« %(name)s » : c’est retiré.") % {"name": named(place.node)})
        return redirect(home_of(desk, kind))
    shown = {
        "desk": desk,
        "name": named(place.node),
        "what": REMOVED[kind],
        "count": sum(1 for each in gone if "type" in each) - (kind == "field"),
        "users": users,
        "home": home_of(desk, kind),
        "here": f"{kind}-{identifier}",
    }
    return render(request, "designer/remove.html", shown, status=422 if request.method == "POST" else 200)


REMOVED = {
    "page": gettext_lazy("Retirer cette page"),
    "section": gettext_lazy("Retirer cette partie"),
    "field": gettext_lazy("Retirer cette question"),
    "document": gettext_lazy("Retirer cette pièce"),
    "declaration": gettext_lazy("Retirer cet engagement"),
    "ineligible": gettext_lazy("Retirer ce cas"),
}


def anchored(desk: Desk, anchor: str) -> str:
    return f"{reverse('designer:outline', args=[desk.slug])}#{anchor}"


def home_of(desk: Desk, kind: str) -> str:
    """The page where everything of a kind is listed."""
    routes = {"document": "documents", "declaration": "declarations", "ineligible": "rules"}
    return reverse(f"designer:{routes.get(kind, 'outline')}", args=[desk.slug])


def _ids(nodes: list[dict[str, Any]]) -> set[str]:
    return {str(each.get("id")) for each in nodes}
