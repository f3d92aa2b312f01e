"""Filling a procedure: a page at a time, the summary, the sending. What may be done is decided by `filling`."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from etoile.design.fields import ErrorLink, errors_of
from etoile.gru.cases.models import Case
from etoile.gru.filling import asking as inquiring
from etoile.gru.filling import controls, estimate, files, keys, live, services
from etoile.gru.filling.errors import Ineligible, Invalid, StepRefused
from etoile.gru.filling.identified import Unidentified
from etoile.gru.filling.opened import Filling
from etoile.gru.filling.questions import identifier
from etoile.gru.forms.definition import Page
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.reading import declarations_of
from etoile.gru.portal import identified, joining, keeping, outcome, saving, sheets
from etoile.gru.portal.frames import PORTAL, frame_of
from etoile.gru.portal.guiding import guided, refuse_confirmed, to, to_next

# Buttons that keep the person on the page: what is missing is not told yet.
STAYING = frozenset({"keep", "attach", "add_row", "remove_row", "stay"})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@guided
def page(request: HttpRequest, filling: Filling, page: str) -> HttpResponse:
    refuse_confirmed(filling)
    here = filling.page(page)
    if request.method == "POST":
        return _save(request, filling, here)
    errors: dict[str, str] = {}
    if "verifier" in request.GET:
        found = services.judged(filling, here)
        errors = {each.field: each.message for each in found.errors}
    return _page(request, filling, here, errors)


def _save(request: HttpRequest, filling: Filling, here: Page) -> HttpResponse:
    """Files first, then answers: what is right is kept even when something else is wrong."""
    if keeping.AUTOMATIC in request.headers:
        return keeping.save_quietly(request, filling, here)
    if joining.ASKED in request.headers:
        return joining.answer(request, filling, here)
    was_complete, shown = filling.progress.complete, sheets.shown_fields(here, filling)
    refused = saving.attach(request, filling, here)
    again = inquiring.again(here, request.POST.get("attach", ""))
    result = services.save_page(filling, here, controls.answers(request, here), again=again)
    if "remove" in request.POST:
        files.remove_document(filling, _identifier(request.POST["remove"]))
        return to(filling, here)
    staying, later = STAYING.intersection(request.POST), "later" in request.POST
    evaluated = filling.evaluated
    revealed = (evaluated.on(here) - shown) | (evaluated.on(here) & filling.arrived)
    wrong = {} if staying or later else {each.field: each.message for each in result.errors}
    errors = {name: words for name, words in wrong.items() if name not in revealed} | refused
    if errors or (result.refusals and not staying and not later):
        return _page(request, filling, here, errors, status=422)
    if later:
        return keeping.leave(filling)
    if staying:
        return _stay(request, filling, here)
    if revealed:
        messages.info(request, _("Votre réponse ajoute des informations ou des questions sur cette page."))
        return to(filling, here)
    following = None if was_complete and filling.progress.complete else filling.progress.after(here)
    return to(filling, following)


def _stay(request: HttpRequest, filling: Filling, here: Page) -> HttpResponse:
    """The same page, where the button that was pressed led."""
    if "keep" in request.POST:
        keeping.say_kept(request, filling)
    place = "contenu"
    asked = controls.address_of(here, request.POST.get("add_row", ""))
    attached = controls.question_of(here, request.POST.get("attach", ""))
    if asked is not None:
        place = f"{identifier(asked.block.id)}-{asked.row}"
    elif (removed := saving.removed_row(request, filling, here)) is not None:
        place = identifier(removed.block.id)
    elif "attach" in request.POST:
        place = identifier((attached or here.fields[0]).id)
    return to(filling, here) if "keep" in request.POST else redirect(f"{_address(filling, here)}#{place}")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@guided
def summary(request: HttpRequest, filling: Filling) -> HttpResponse:
    refuse_confirmed(filling)
    errors: dict[str, str] = {}
    if not filling.progress.complete:
        raise StepRefused
    if request.method == "POST":
        try:
            frame_of(filling.within).send(request, filling, declarations_of(filling.definition, request.POST))
        except Unidentified as missing:
            messages.error(request, str(missing))
            return redirect(request.path)
        except Ineligible as ineligible:
            messages.error(request, str(ineligible))
            return redirect(_address(filling, ineligible.page or filling.definition.pages[0]))
        except Invalid as invalid:
            if invalid.page is not None:
                return redirect(_address(filling, invalid.page) + "?verifier=1")
            errors = {each.field: each.message for each in invalid.errors}
        else:
            return redirect(f"{filling.within}:done", filling.version.procedure.slug, filling.draft.id)
    return _summary(request, filling, errors)


@never_cache
@require_safe
@guided
def done(request: HttpRequest, filling: Filling) -> HttpResponse:
    """The receipt on screen: reference, what happens next, the link to follow, to be printed."""
    if filling.draft.confirmed_at is None:
        return to_next(filling)
    case = Case.objects.select_related("team").get(pk=filling.draft.id)
    context = {"case": case, "definition": filling.definition, "version": filling.version, "team": case.team}
    return render(request, "portal/done.html", context)


@never_cache
@require_POST
@guided
def prolong(request: HttpRequest, filling: Filling) -> HttpResponse:
    """Seven more days for the draft, and back to where the person was."""
    refuse_confirmed(filling)
    services.prolong(filling)
    keeping.say_kept(request, filling)
    return to_next(filling)


@never_cache
@require_POST
@guided
def abandon(request: HttpRequest, filling: Filling) -> HttpResponse:
    """Erase at once what was typed."""
    refuse_confirmed(filling)
    services.abandon(filling)
    messages.success(request, _("Votre brouillon est effacé."))
    response = redirect(frame_of(filling.within).left, filling.version.procedure.slug)
    keys.forget(response, filling.draft.id)
    return response


def _page(
    request: HttpRequest, filling: Filling, here: Page, errors: dict[str, str], *, status: int = 200
) -> HttpResponse:
    progress = filling.progress
    parts = sheets.parts(here, filling, errors)
    before, after = progress.before(here), progress.after(here)
    context = (
        keeping.kept(filling)
        | outcome.told(filling, here)
        | {
            "filling": filling,
            "procedure": filling.version.procedure,
            "definition": filling.definition,
            "page": here,
            "nodes": live.nodes(parts),
            "shown": live.shown(parts),
            "errors": errors_of(view for part in parts for view in part.fields),
            "number": progress.number(here),
            "total": progress.total,
            "following": str(after.title) if after else _("Vérifier et envoyer"),
            "back": _address(filling, before) if before else "",
            "minutes": estimate.minutes(filling.evaluated, progress.pages[progress.number(here) - 1 :]),
            "uploads": any(TYPES[each.type].holds_files for field in here.fields for each in (field, *field.fields)),
            "has_required": any(view.required for part in parts for view in part.fields),
        }
    )
    return render(request, "portal/page.html", context, status=status)


def _summary(request: HttpRequest, filling: Filling, errors: dict[str, str]) -> HttpResponse:
    declarations = sheets.declarations(filling, errors, request.POST)
    context = (
        keeping.kept(filling)
        | outcome.told(filling)
        | {
            "filling": filling,
            "procedure": filling.version.procedure,
            "definition": filling.definition,
            "pages": sheets.summary(filling, lambda each: _address(filling, each)),
            "declarations": declarations,
            "errors": [ErrorLink(view.id, view.error) for view in declarations if view.error],
            "total": filling.progress.total,
        }
    )
    if filling.within == PORTAL:
        context |= identified.asked(request, filling.definition)
    return render(request, "portal/summary.html", context, status=422 if errors else 200)


def _address(filling: Filling, to: Page | None) -> str:
    return sheets.address(filling, to)


def _identifier(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)
