"""Lookups: who may ask what, who answers, how the last day went; trying one, with a reason."""

import json
from dataclasses import replace

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from etoile.design.fields import FieldView, errors_of, errors_of_form
from etoile.design.parts import Cell, Table
from etoile.hub.console import registry_queries as queries
from etoile.hub.console import registry_words
from etoile.hub.console.access import may_decide, operator_required
from etoile.hub.console.forms import Decision
from etoile.hub.console.pages.registry_trials import busy
from etoile.hub.console.words import delay, latency, moment
from etoile.hub.lookups import failing, services, standings, written
from etoile.hub.lookups.questions import Answer, Freshness
from etoile.hub.lookups.standings import ProviderStand, Stand
from etoile.hub.registry import calling, changes
from etoile.hub.registry.directory import LookupView, ProviderView, Snapshot
from etoile.runtime.background import BusyError
from etoile.sdk import Check, LookupResult

PREFIX = "question."


@operator_required
@require_safe
def lookup_list(request: HttpRequest) -> HttpResponse:
    """Three statements, however many lookups."""
    return render(request, "console/lookups/list.html", {"table": _table(standings.all(queries.snapshot()))})


@operator_required
@require_safe
def lookup(request: HttpRequest, name: str) -> HttpResponse:
    return _page(request, found(queries.snapshot(), name), Decision())


def found(snapshot: Snapshot, name: str) -> LookupView:
    view = snapshot.lookups.get(name)
    if view is None:
        raise Http404
    return view


def provider_of(view: LookupView, slug: str) -> ProviderView:
    for each in view.providers:
        if each.slug == slug:
            return each
    raise Http404


@operator_required("operator")
@require_POST
@sensitive_post_parameters()
def lookup_try(request: HttpRequest, name: str) -> HttpResponse:
    """The answer may be about a person: the journal keeps who tried, and why."""
    snapshot = queries.snapshot()
    view = found(snapshot, name)
    form = Decision(request.POST)
    texts = {each.name: request.POST.get(PREFIX + each.name, "") for each in written.values(view.query)}
    query = written.typed(view.query, texts)
    wrong = {each.pointer.split("/")[2]: _("Cette valeur n’est pas celle qui est attendue : voyez l’aide à côté.")
             for each in services.violations(view, query) if each.pointer.count("/") > 1}  # fmt: skip
    if not form.is_valid() or wrong:
        return _page(request, view, form, texts=texts, wrong=wrong)
    actor = request.user.email  # type: ignore[union-attr]
    question = services.trial(view, query, actor=actor, reason=form.cleaned_data["reason"])
    try:
        answer = services.ask(question, snapshot.version)
    except BusyError:
        return busy(request)
    return _page(request, view, Decision(), texts=texts, answer=answer)


@operator_required("operator")
@require_POST
def provider_check(request: HttpRequest, name: str, provider: str) -> HttpResponse:
    """Settings, reachability, credentials, as the connector sees them; changes nothing in the application."""
    view = found(queries.snapshot(), name)
    asked = provider_of(view, provider)
    try:
        checks = calling.check(asked)
    except BusyError:
        return busy(request)
    return _page(request, view, Decision(), checks=checks, checked=asked.slug)


@operator_required("operator")
@require_POST
def provider_resume(request: HttpRequest, name: str, provider: str) -> HttpResponse:
    """Asks a paused provider again at once, rather than at the end of the pause."""
    view, form = found(queries.snapshot(), name), Decision(request.POST)
    asked = provider_of(view, provider)
    if not form.is_valid():
        return _page(request, view, form)
    actor = request.user.email  # type: ignore[union-attr]
    if failing.resume(view, asked, actor=actor, reason=form.cleaned_data["reason"]):
        notes.success(request, _("Le fournisseur est interrogé de nouveau dès la prochaine question."))
    else:
        notes.warning(request, _("Le fournisseur n’était pas en pause : rien n’a été fait."))
    return redirect("console:lookup", name=name)


def _page(
    request: HttpRequest,
    view: LookupView,
    form: Decision,
    *,
    texts: dict[str, str] | None = None,
    wrong: dict[str, str] | None = None,
    answer: Answer | None = None,
    checks: list[Check] | None = None,
    checked: str = "",
) -> HttpResponse:
    stand = standings.one(view)
    fields = _fields(view, texts or {}, wrong or {})
    context = {
        "lookup": view,
        "timeout": delay(view.timeout),
        "kept": delay(view.cache_seconds),
        "stale": delay(view.stale_seconds),
        "badge": _badge(stand),
        "figures": _figures(stand),
        "providers": [(each, _state(each), _settings(each.view)) for each in stand.providers],
        "readers": _readers(view),
        "query": registry_words.shown(view.query),
        "promised": registry_words.shown(view.answer),
        "history": registry_words.history(queries.changes_of("lookup", view.name)),
        "form": form,
        "fields": fields,
        "errors": [*errors_of(fields), *errors_of_form(form)] if form.is_bound else errors_of(fields),
        "answer": _told(answer) if answer else None,
        "tries": _tries(answer) if answer else None,
        "checks": checks,
        "checked": checked,
        "may_decide": may_decide(request),
    }
    status = 422 if context["errors"] else 200
    return render(request, "console/lookups/lookup.html", context, status=status)


def _table(stands: list[Stand]) -> Table:
    return Table(
        caption=_("Les consultations et leurs dernières 24 heures"),
        columns=[
            _("Consultation"), _("État"), _("Fournisseurs"), _("Questions"), _("Trouvé"), _("Sans réponse"),
            _("Réponse gardée"), _("95 % en"),
        ],
        rows=[
            [
                Cell(each.view.title, href=f"{each.view.name}/"),
                _badge(each),
                Cell(", ".join(one.view.application.name for one in each.providers)),
                *(Cell(str(number), numeric=True) for number in
                  (each.figures.asked, each.figures.found, each.figures.unavailable,
                   each.figures.cached + each.figures.stale)),
                Cell(latency(each.figures.p95_ms), numeric=True),
            ]
            for each in stands
        ],
        empty=_("Aucune consultation n’est déclarée : elles s’écrivent dans le fichier d’étoile (lookups)."),
    )  # fmt: skip


def _badge(stand: Stand) -> Cell:
    if not stand.view.active:
        return Cell(_("hors service"), tone="neutral")
    if all(each.state == "answers" for each in stand.providers):
        return Cell(_("répond"), tone="success")
    return Cell(_("répond en partie"), tone="warning") if stand.answers else Cell(_("sans réponse"), tone="danger")


def _state(stand: ProviderStand) -> Cell:
    if stand.state == "answers":
        return Cell(_("répond"), tone="success")
    if stand.state == "failing":
        return Cell(_("a échoué la dernière fois"), tone="warning")
    return Cell(_("en pause jusqu’au %(at)s") % {"at": moment(stand.paused_until)}, tone="danger")


def _figures(stand: Stand) -> list[tuple[str, str]]:
    told = stand.figures
    return [
        (_("Questions"), str(told.asked)),
        (_("Trouvé"), str(told.found)),
        (_("Rien trouvé"), str(told.not_found)),
        (_("Refusé"), str(told.refused)),
        (_("Sans réponse"), str(told.unavailable)),
        (_("Réponse gardée, donnée de nouveau"), str(told.cached)),
        (_("Réponse ancienne, faute de mieux"), str(told.stale)),
        (_("La moitié en"), latency(told.p50_ms)),
        (_("95 % en"), latency(told.p95_ms)),
    ]


def _settings(view: ProviderView) -> str:
    return registry_words.shown(changes.without_secrets(view.configuration))


def _readers(view: LookupView) -> list[tuple[str, list[str]]]:
    return [
        (slug, [view.purposes.get(each, each) for each in sorted(purposes)])
        for slug, purposes in sorted(view.readers.items())
    ]


def _fields(view: LookupView, texts: dict[str, str], wrong: dict[str, str]) -> list[FieldView]:
    return [
        replace(
            FieldView(PREFIX + each.name, each.title, hint=each.hint, required=each.required),
            value=texts.get(each.name, ""),
            error=wrong.get(each.name, ""),
        )
        for each in written.values(view.query)
    ]


def _told(answer: Answer) -> dict[str, object]:
    words = {
        LookupResult.FOUND: (_("Trouvé"), "success"),
        LookupResult.NOT_FOUND: (_("Rien trouvé"), "neutral"),
        LookupResult.REFUSED: (_("Refusé"), "warning"),
        LookupResult.UNAVAILABLE: (_("Sans réponse"), "danger"),
    }
    freshness = {
        Freshness.FRESH: _("tout juste donnée"),
        Freshness.CACHED: _("gardée d’une question précédente"),
        Freshness.STALE: _("ancienne : personne ne répond, ou les données n’ont pas pu être relues"),
    }
    title, tone = words[answer.result]
    return {
        "badge": Cell(title, tone=tone),
        "message": answer.message,
        "data": json.dumps(answer.data, ensure_ascii=False, indent=2) if answer.result is LookupResult.FOUND else "",
        "provider": answer.provider,
        "at": moment(answer.at) if answer.at else "",
        "freshness": freshness[answer.freshness] if answer.freshness else "",
    }


def _tries(answer: Answer) -> Table:
    words = {
        LookupResult.FOUND: _("trouvé"),
        LookupResult.NOT_FOUND: _("rien trouvé"),
        LookupResult.REFUSED: _("refusé"),
        LookupResult.UNAVAILABLE: _("sans réponse"),
    }
    return Table(
        caption=_("Ce qu’a dit chaque fournisseur"),
        columns=[_("Fournisseur"), _("Issue"), _("Durée"), _("Ses mots")],
        rows=[
            [
                Cell(each.provider.slug),
                Cell(words[each.outcome.result] if each.asked else _("pas interrogé")),
                Cell(latency(each.milliseconds) if each.asked else "–", numeric=True),
                Cell(each.outcome.message or "–"),
            ]
            for each in answer.tries
        ],
        empty=_("Aucun n’a été interrogé : la réponse était gardée."),
    )
