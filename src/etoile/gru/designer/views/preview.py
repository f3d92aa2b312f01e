"""Trying the procedure: as a person, page by page, then as the agent who receives it; at the width of a phone too."""

from typing import Any

from csp.decorators import csp_replace, csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from etoile.design.fields import errors_of
from etoile.design.parts import SummaryRow
from etoile.gru.access.models import Team
from etoile.gru.designer.conditions import offers
from etoile.gru.designer.desk import Desk, on_procedure
from etoile.gru.designer.rehearsal import SEED, Rehearsal
from etoile.gru.filling import live
from etoile.gru.filling.questions import Question, unbroken, view
from etoile.gru.filling.sheets import Sheet
from etoile.gru.filling.summaries import summary_of
from etoile.gru.forms.decisions import team_of
from etoile.gru.forms.definition import Page
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.sentences import answer

STAYING = frozenset({"add_row", "remove_row", "attach", "remove"})


@on_procedure
@require_safe
@csp_update({"frame-src": ["'self'"]})
def preview(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Where one begins; `telephone` shows the first page at the width of a phone."""
    pages = desk.definition.pages
    first = reverse("designer:rehearse", args=[desk.slug, pages[0].id]) if pages else ""
    shown = {"desk": desk, "first": first, "phone": "telephone" in request.GET, "here": ""}
    return render(request, "designer/preview.html", shown)


@xframe_options_sameorigin
@csp_replace({"frame-ancestors": ["'self'"]})
@on_procedure
@require_http_methods(["GET", "HEAD", "POST"])
def rehearse(request: HttpRequest, desk: Desk, page: str) -> HttpResponse:
    here = desk.definition.page(page)
    if here is None:
        raise Http404(_("Cette page n’existe pas."))
    rehearsal = Rehearsal.carried(desk.version, request.POST.get("essai", ""))
    if request.method != "POST":
        return _page(request, desk, Rehearsal(desk.version), here, {})
    if "go" in request.POST:
        return _page(request, desk, rehearsal, desk.definition.page(request.POST["go"]) or here, {})
    shown = rehearsal.evaluated.with_rows(here, SEED).on(here)
    rehearsal, result = rehearsal.with_page(here, request)
    if STAYING.intersection(request.POST):
        return _page(request, desk, rehearsal, here, {})
    revealed = rehearsal.evaluated.on(here) - shown
    errors = {each.field: each.message for each in result.errors if each.field not in revealed}
    if errors or result.refusals or revealed:
        words = [str(each.message) for each in result.refusals]
        return _page(request, desk, rehearsal, here, errors, refusals=words)
    following = rehearsal.progress.after(here)
    return _page(request, desk, rehearsal, following, {}) if following else _end(request, desk, rehearsal)


def _page(
    request: HttpRequest, desk: Desk, rehearsal: Rehearsal, here: Page, errors: dict[str, str], *, refusals: Any = ()
) -> HttpResponse:
    progress = rehearsal.progress
    parts = Sheet(rehearsal.evaluated, errors, SEED, desk.account.authority_id).parts(here)
    before, after = progress.before(here), progress.after(here)
    context = {
        "desk": desk,
        "definition": desk.definition,
        "page": here,
        "address": reverse("designer:rehearse", args=[desk.slug, here.id]),
        "essai": rehearsal.text,
        "nodes": live.nodes(parts),
        "errors": errors_of(each for part in parts for each in part.fields),
        "refusals": refusals,
        "number": progress.number(here),
        "total": progress.total,
        "following": str(after.title) if after else _("Vérifier et envoyer"),
        "back": before.id if before else "",
        "uploads": any(TYPES[each.type].holds_files for top in here.fields for each in (top, *top.fields)),
        "has_required": any(each.required for part in parts for each in part.fields),
    }
    return render(request, "designer/rehearsal.html", context, status=422 if errors or refusals else 200)


def _end(request: HttpRequest, desk: Desk, rehearsal: Rehearsal) -> HttpResponse:
    """The summary of the person, then what the agents would receive."""
    evaluated = rehearsal.evaluated
    pages = [
        {
            "id": part.page.id,
            "title": part.title,
            "sections": [
                (section.title, [_row(line.label, line.words) for line in section.lines]) for section in part.sections
            ],
        }
        for part in summary_of(evaluated)
    ]
    slug = team_of(desk.definition, evaluated.known)
    team = Team.objects.filter(authority=desk.account.authority_id, slug=slug).first()
    quote = evaluated.quote
    context = {
        "desk": desk,
        "definition": desk.definition,
        "essai": rehearsal.text,
        "pages": pages,
        "declarations": [view(Question(each, each.required)) for each in desk.definition.declarations],
        "address": reverse("designer:rehearse", args=[desk.slug, desk.definition.pages[0].id]),
        "team": team.name if team else slug,
        "lines": [_row(str(line.label), answer(line.amount, offers.EUROS)) for line in quote.lines],
        "price": answer(quote.total, offers.EUROS) if desk.definition.price.rules else "",
        "total": rehearsal.progress.total,
    }
    return render(request, "designer/rehearsal_end.html", context)


def _row(label: str, words: str) -> SummaryRow:
    return SummaryRow(unbroken(label), words.split("\n") if words else ())
