"""« Mes données »: what a person sees and asks of what is kept about them, under the link of their request."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from etoile.design.fields import ErrorLink, FieldView, Option
from etoile.design.moments import said
from etoile.design.parts import Cell, SummaryRow, Table
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.views_of_person import Tracking
from etoile.gru.documents import serving
from etoile.gru.filling.opened import KEPT
from etoile.gru.forms.fields.base import cleaned_lines
from etoile.gru.papers.render import PaperError
from etoile.gru.portal.views.tracking import opened
from etoile.gru.rights import services
from etoile.gru.rights.consents import agreements
from etoile.gru.rights.errors import RightsRefused
from etoile.gru.rights.freezes import freeze_of
from etoile.gru.rights.holdings import export, paper
from etoile.gru.rights.models import Kind, Request, State
from etoile.gru.rights.readings import readings
from etoile.gru.rights.subject import Subject, of_case

# Shown on the page; the file has them all.
SHOWN = 12
AT_ONCE = 5
HINTS = {
    Kind.ACCESS: gettext_lazy("Les notes entre agents, les avis demandés : ce qui peut parler d’une autre personne."),
    Kind.RECTIFY: gettext_lazy("Dites ce qui est faux, et ce qui est juste."),
    Kind.RESTRICT: gettext_lazy("Plus personne ne la lit ni ne la traite, et rien n’en est supprimé."),
    Kind.OBJECT: gettext_lazy("Dites ce qui, dans votre situation, le justifie."),
    Kind.ERASE: gettext_lazy("La loi oblige souvent à garder une demande : la réponse vous dit ce qui peut partir."),
}
TONES = {State.OPEN: "progress", State.GRANTED: "success", State.PARTLY: "warning", State.REFUSED: "danger"}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@opened
def own_data(request: HttpRequest, view: Tracking, key: str) -> HttpResponse:
    """A post asks something."""
    if request.method != "POST":
        return _page(request, view, key)
    kind, words = request.POST.get("kind", ""), cleaned_lines(request.POST.get("words")) or ""
    try:
        services.ask(view.case, kind, words)
    except RightsRefused as refusal:
        wrong = "words" if kind in Kind.values else "kind"
        return _page(request, view, key, errors={wrong: str(refusal)}, kind=kind, typed=words)
    messages.success(request, _("C’est enregistré. La réponse viendra ici, et un courriel vous préviendra."))
    return redirect(f"{reverse('rights:own', args=[key])}#demandes")


@never_cache
@require_safe
@opened
def as_json(request: HttpRequest, view: Tracking, key: str) -> HttpResponse:
    answer = JsonResponse(
        export.document(of_case(view.case), seen=services.seen(view.case)),
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )
    name = _("mes-donnees-%(reference)s.json") % {"reference": view.reference}
    return serving.produced(name, answer.content, "application/json")


@never_cache
@require_safe
@opened
def as_pdf(request: HttpRequest, view: Tracking, key: str) -> HttpResponse:
    try:
        printed = paper.printed(of_case(view.case), seen=services.seen(view.case))
    except PaperError as refusal:
        messages.error(request, f"{refusal} {_('Prenez le fichier JSON.')}")
        return redirect("rights:own", key)
    return serving.produced(printed.name, printed.content)


@never_cache
@require_POST
@opened
def take_back(request: HttpRequest, view: Tracking, key: str, field: str) -> HttpResponse:
    given = next((each for each in agreements(of_case(view.case)) if each.field == field), None)
    if given is None:
        raise Http404
    try:
        services.take_back(view.case, given)
    except (RightsRefused, CaseError) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Votre accord est retiré. Le service en est informé."))
    return redirect(f"{reverse('rights:own', args=[key])}#accords")


def _page(
    request: HttpRequest,
    view: Tracking,
    key: str,
    *,
    errors: dict[str, str] | None = None,
    kind: str = "",
    typed: str = "",
) -> HttpResponse:
    wrong, subject = errors or {}, of_case(view.case)
    asked = list(Request.objects.filter(case=view.case).order_by("-asked_at"))
    waiting = {each.kind for each in asked if each.state == State.OPEN}
    context: dict[str, Any] = {
        "view": view,
        "key": key,
        **readings_tables(subject),
        "held": held_rows(subject, services.seen(view.case)),
        "draft_days": KEPT.days,
        "agreements": agreements(subject),
        "asked": [(each, TONES[State(each.state)]) for each in asked],
        "frozen": freeze_of(view.id),
        "part": subject.is_part,
        "kind": _kind(kind, wrong.get("kind", ""), waiting),
        "words": FieldView(
            "words",
            _("Ce que vous demandez"),
            "textarea",
            required=True,
            value=typed,
            error=wrong.get("words", ""),
            rows=4,
            hint=_("La loi nous donne un mois pour répondre."),
        ),
        "errors": [ErrorLink(f"champ-{name}", text) for name, text in wrong.items()],
    }
    return render(request, "rights/own.html", context, status=422 if wrong else 200)


def _kind(chosen: str, error: str, waiting: set[str]) -> FieldView:
    """What is waiting for its answer is not asked twice."""
    options = tuple(
        Option(value, str(label), hint=str(HINTS[Kind(value)]), checked=value == chosen)
        for value, label in Kind.choices
        if value not in waiting
    )
    return FieldView("kind", _("Votre droit"), "radios", required=True, value=chosen, options=options, error=error)


def readings_tables(subject: Subject) -> dict[str, Table | None]:
    """The last ones, and those before them, which are opened on demand: a person reads this on a telephone."""
    rows = [
        [
            Cell(said(each.at), at=each.at),
            Cell(capfirst(each.who)),
            Cell(each.what, note=each.reference if len(subject.cases) > 1 else ""),
            Cell(each.why or "–"),
        ]
        for each in readings(subject, most=SHOWN)
    ]
    columns = [_("Quand"), _("Qui"), _("Quoi"), _("Pourquoi")]
    before = Table(_("Avant"), columns, rows[AT_ONCE:]) if rows[AT_ONCE:] else None
    last = Table(_("Les dernières fois"), columns, rows[:AT_ONCE], empty=_("Personne encore."))
    return {"readings": last, "before": before}


def held_rows(subject: Subject, seen: datetime | None = None) -> list[SummaryRow]:
    """What is kept, in a line each."""
    return [
        SummaryRow(str(held.title), [paper.asked_for(told) if isinstance(told, int) else str(len(told))])
        for held, told in export.collect(subject, seen=seen)
    ]
