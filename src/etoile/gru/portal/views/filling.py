"""Filling a procedure: a page at a time, the summary, the sending. What may be done is decided by `filling`."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from etoile.design.fields import ErrorLink, errors_of
from etoile.gru.cases.models import Case
from etoile.gru.documents.services import DocumentRefused
from etoile.gru.filling import keys, services
from etoile.gru.filling.services import DraftConfirmed, DraftUnknown, Filling, FillingRefused, Invalid, StepRefused
from etoile.gru.forms.definition import Page
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.queries import known_procedure
from etoile.gru.forms.reading import answers_of, declarations_of
from etoile.gru.forms.validation import validate
from etoile.gru.portal import keeping, sheets, throttle
from etoile.gru.portal.requests import authority_of

STARTS = throttle.Limit(count=120, seconds=600)
View = Callable[..., HttpResponse]


def guided(view: View) -> View:
    """Bring back to the right page whoever is not on it: expired draft, request already sent, page skipped."""

    @wraps(view)
    def guarded(request: HttpRequest, slug: str, draft: uuid.UUID, **rest: Any) -> HttpResponse:
        key = keys.key_of(request, draft)
        try:
            filling = services.resume(draft, key, authority=authority_of(request))
            if filling.version.procedure.slug != slug:
                raise DraftUnknown
            kept_until = filling.draft.expires_at
            response = view(request, filling, **rest)
            if key is not None and filling.draft.expires_at != kept_until:
                # The key must live as long as what it opens.
                keys.remember(response, filling.draft, key)
            return response
        except DraftUnknown as refusal:
            messages.error(request, str(refusal))
            return redirect("portal:procedure", slug)
        except DraftConfirmed:
            return redirect("portal:done", slug, draft)
        except StepRefused:
            return _next(filling)

    guarded.guarded = "key of the draft"  # type: ignore[attr-defined]
    return guarded


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """A draft is made by a POST only: robots follow links."""
    found = known_procedure(authority_of(request), slug)
    if found is None or found.current is None:
        raise Http404(_("Cette démarche n’existe pas."))
    if request.method != "POST":
        return redirect("portal:procedure", slug)
    if not throttle.allowed("start", throttle.address_of(request), STARTS):
        messages.error(request, _("Trop de formulaires ont été ouverts d’ici. Réessayez dans quelques minutes."))
        return redirect("portal:procedure", slug)
    try:
        draft, key = services.start(found.current)
    except FillingRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("portal:procedure", slug)
    first = found.current.definition.pages[0]
    response = redirect("portal:page", slug, draft.id, first.id)
    keys.remember(response, draft, key)
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@guided
def page(request: HttpRequest, filling: Filling, page: str) -> HttpResponse:
    _refuse_confirmed(filling)
    here = filling.page(page)
    if request.method == "POST":
        return _save(request, filling, here)
    errors: dict[str, str] = {}
    if "verifier" in request.GET:
        found = validate(filling.definition, filling.answers, page=here, documents=filling.documents)
        errors = {each.field: each.message for each in found.errors}
    return _page(request, filling, here, errors)


def _save(request: HttpRequest, filling: Filling, here: Page) -> HttpResponse:
    """Files first, then answers: what is right is kept even when something else is wrong."""
    if keeping.AUTOMATIC in request.headers:
        return keeping.save_quietly(request, filling, here)
    was_complete, shown = filling.progress.complete, sheets.shown_fields(here, filling)
    refused = _attach(request, filling, here)
    result = services.save_page(filling, here, answers_of(here, request.POST))
    removed = request.POST.get("remove", "")
    if removed:
        services.remove_document(filling, _identifier(removed))
        return _to(filling, here)
    keep, later = "keep" in request.POST, "later" in request.POST
    staying = keep or "attach" in request.POST
    revealed = sheets.shown_fields(here, filling) - shown
    wrong = {} if staying or later else {each.field: each.message for each in result.errors}
    errors = {name: words for name, words in wrong.items() if name not in revealed} | refused
    if later and not errors:
        return keeping.leave(request, filling)
    if keep and not errors:
        keeping.say_kept(request, filling)
        return _to(filling, here)
    if staying and not errors:
        return redirect(f"{_address(filling, here)}#champ-{keeping.known_field(here, request.POST['attach'])}")
    if errors:
        return _page(request, filling, here, errors, status=422)
    if revealed:
        messages.info(request, _("Votre réponse ajoute des informations ou des questions sur cette page."))
        return _to(filling, here)
    following = None if was_complete and filling.progress.complete else filling.progress.after(here)
    return _to(filling, following)


def _attach(request: HttpRequest, filling: Filling, here: Page) -> dict[str, str]:
    refused: dict[str, str] = {}
    for each in here.fields:
        for upload in request.FILES.getlist(each.id) if TYPES[each.type].holds_files else ():
            if not isinstance(upload, UploadedFile):
                continue
            try:
                services.attach(filling, each, upload)
            except DocumentRefused as error:
                refused[each.id] = f"« {each.label} » : {error}"
    return refused


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@guided
def summary(request: HttpRequest, filling: Filling) -> HttpResponse:
    _refuse_confirmed(filling)
    errors: dict[str, str] = {}
    if not filling.progress.complete:
        raise StepRefused
    if request.method == "POST":
        identifier = filling.draft.id
        try:
            services.confirm(
                identifier,
                keys.key_of(request, identifier),
                authority=authority_of(request),
                declarations=declarations_of(filling.definition, request.POST),
                language=(get_language() or "fr")[:2],
            )
        except Invalid as invalid:
            if invalid.page is not None:
                return redirect(_address(filling, invalid.page) + "?verifier=1")
            errors = {each.field: each.message for each in invalid.errors}
        else:
            return redirect("portal:done", filling.version.procedure.slug, identifier)
    return _summary(request, filling, errors)


@never_cache
@require_safe
@guided
def done(request: HttpRequest, filling: Filling) -> HttpResponse:
    """The receipt on screen: reference, what happens next, the link to follow, to be printed."""
    if filling.draft.confirmed_at is None:
        return _next(filling)
    case = Case.objects.select_related("team").get(pk=filling.draft.id)
    context = {"case": case, "definition": filling.definition, "version": filling.version, "team": case.team}
    return render(request, "portal/done.html", context)


@never_cache
@require_POST
@guided
def prolong(request: HttpRequest, filling: Filling) -> HttpResponse:
    """Seven more days for the draft, and back to where the person was."""
    _refuse_confirmed(filling)
    services.prolong(filling)
    keeping.say_kept(request, filling)
    return _next(filling)


@never_cache
@require_POST
@guided
def abandon(request: HttpRequest, filling: Filling) -> HttpResponse:
    """Erase at once what was typed."""
    _refuse_confirmed(filling)
    services.abandon(filling)
    messages.success(request, _("Votre brouillon est effacé."))
    response = redirect("portal:procedure", filling.version.procedure.slug)
    keys.forget(response, filling.draft.id)
    return response


def _refuse_confirmed(filling: Filling) -> None:
    if filling.draft.confirmed_at is not None:
        raise DraftConfirmed


def _page(
    request: HttpRequest, filling: Filling, here: Page, errors: dict[str, str], *, status: int = 200
) -> HttpResponse:
    progress = filling.progress
    parts = sheets.parts(here, filling, errors)
    before, after = progress.before(here), progress.after(here)
    context = keeping.kept(filling) | {
        "filling": filling,
        "procedure": filling.version.procedure,
        "definition": filling.definition,
        "page": here,
        "parts": parts,
        "errors": errors_of(view for part in parts for view in part.fields),
        "number": progress.number(here),
        "total": progress.total,
        "following": str(after.title) if after else _("Vérifier et envoyer"),
        "back": _address(filling, before) if before else "",
        "uploads": any(TYPES[each.type].holds_files for each in here.fields),
        "has_required": any(view.required for part in parts for view in part.fields),
    }
    return render(request, "portal/page.html", context, status=status)


def _summary(request: HttpRequest, filling: Filling, errors: dict[str, str]) -> HttpResponse:
    declarations = sheets.declarations(filling, errors, request.POST)
    context = keeping.kept(filling) | {
        "filling": filling,
        "procedure": filling.version.procedure,
        "definition": filling.definition,
        "pages": sheets.summary(filling, lambda each: _address(filling, each)),
        "declarations": declarations,
        "errors": [ErrorLink(view.id, view.error) for view in declarations if view.error],
        "total": filling.progress.total,
    }
    return render(request, "portal/summary.html", context, status=422 if errors else 200)


def _to(filling: Filling, following: Page | None) -> HttpResponse:
    return redirect(_address(filling, following))


def _next(filling: Filling) -> HttpResponse:
    return redirect(_address(filling, filling.progress.next))


def _address(filling: Filling, to: Page | None) -> str:
    return sheets.address(filling, to)


def _identifier(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)
