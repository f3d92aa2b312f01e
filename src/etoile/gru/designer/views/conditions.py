"""When to show, when to require…: a condition built by sentences, without a script."""

from typing import Any

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from etoile.design.fields import ErrorLink
from etoile.gru.designer.conditions import nodes, offers
from etoile.gru.designer.conditions.sheet import Sheet
from etoile.gru.designer.desk import Desk, desk_of, on_draft
from etoile.gru.designer.outline import labels
from etoile.gru.designer.views.structure import anchored
from etoile.gru.forms.editing import questions
from etoile.gru.forms.editing.errors import EditRefused
from etoile.gru.forms.editing.source import Node, Source
from etoile.gru.forms.editing.words import named
from etoile.gru.forms.sentences import sentence

# What a condition decides, in the words of its page.
TITLES: dict[tuple[str, str], str | Promise] = {
    ("field", "visible_when"): gettext_lazy("Quand afficher cette question ?"),
    ("section", "visible_when"): gettext_lazy("Quand afficher cette partie ?"),
    ("field", "required_when"): gettext_lazy("Quand la réponse est-elle obligatoire ?"),
    ("ineligible", "when"): gettext_lazy("Quand la demande est-elle impossible ?"),
    ("routing", "when"): gettext_lazy("Quand confier la demande à ce service ?"),
    ("price", "when"): gettext_lazy("Quand compter cette ligne du prix ?"),
    ("transition", "when"): gettext_lazy("Quand cette étape est-elle possible ?"),
}
# A rule of these without a condition would have no sense: it is removed on its own page.
NEEDED = {("ineligible", "when"), ("routing", "when")}


@on_draft
@require_http_methods(["GET", "HEAD", "POST"])
def condition(request: HttpRequest, desk: Desk, kind: str, identifier: str, key: str) -> HttpResponse:
    if (kind, key) not in TITLES:
        raise Http404(_("Cette page n’existe pas."))
    node = questions.owner(Source(desk.version.source), kind, identifier)
    fields = {each.id: each for each in offers.earlier(desk.definition, kind, identifier)}
    if request.method != "POST":
        return _shown(request, desk, node, Sheet(nodes.of_tree(node.get(key)), fields), kind, key)
    sheet = Sheet(nodes.of_post(request.POST), fields)
    action, _colon, path = request.POST.get("act", "save").partition(":")
    if action not in ("save", "clear"):
        sheet.focus = nodes.act(sheet.root, action, path)
        return _shown(request, desk, node, sheet, kind, key)
    tree = None if action == "clear" else sheet.tree()
    if sheet.errors:
        return _shown(request, desk, node, sheet, kind, key, refused=sheet.links)
    if tree is None and (kind, key) in NEEDED:
        needed = ErrorLink("condition-c", _("Il faut au moins une condition. Ajoutez-en une ci-dessous."))
        return _shown(request, desk, node, sheet, kind, key, refused=[needed])
    try:
        questions.set_condition(desk.edit(request), kind, identifier, key, tree)
    except EditRefused as refusal:
        links = [ErrorLink("condition-c", problem) for problem in refusal.problems]
        return _shown(request, desk_of(request.user, desk.slug), node, sheet, kind, key, refused=links)
    notes.success(request, _("La condition est enregistrée.") if tree else _("Il n’y a plus de condition."))
    return redirect(_home(desk, kind, identifier))


def _shown(
    request: HttpRequest, desk: Desk, node: Node, sheet: Sheet, kind: str, key: str, *, refused: Any = None
) -> HttpResponse:
    identifier = str(node.get("id", ""))
    shown = {
        "desk": desk,
        "here": f"{kind}-{identifier}",
        "name": named(node),
        "title": TITLES[kind, key],
        "root": sheet.view,
        "now": sentence(node.get(key), labels(desk.definition)),
        "nothing_before": not sheet.fields,
        "may_clear": bool(node.get(key)) and (kind, key) not in NEEDED,
        "home": _home(desk, kind, identifier),
        "refused": refused,
    }
    return render(request, "designer/condition.html", shown, status=422 if refused else 200)


def _home(desk: Desk, kind: str, identifier: str) -> str:
    if kind in ("field", "section"):
        return anchored(desk, f"{kind}-{identifier}")
    routes = {"routing": "routing", "transition": "workflow"}
    return reverse(f"designer:{routes.get(kind, 'rules')}", args=[desk.slug])
