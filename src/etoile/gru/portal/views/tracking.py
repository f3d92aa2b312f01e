"""Following a request: the secret link by e-mail, the state in plain words, messages, documents, withdrawal."""

import uuid
from collections.abc import Callable
from contextlib import ExitStack
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from etoile.design.fields import ErrorLink, FieldView
from etoile.gru.access.models import Authority
from etoile.gru.accounts import queries as accounts
from etoile.gru.accounts.sessions import account_of
from etoile.gru.cases import actors, attestation, papers, queries, services
from etoile.gru.cases.asking import GIVEN
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.models import DocumentRequest, Message
from etoile.gru.cases.views_of_person import Tracking
from etoile.gru.corrections import changes
from etoile.gru.documents import serving
from etoile.gru.documents.kinds import JOINED, JOINED_SIZE, accepted_extensions, accepted_words
from etoile.gru.documents.scanning import NotOpenable
from etoile.gru.documents.services import DocumentRefused, Received, keep, received
from etoile.gru.fees import queries as fees
from etoile.gru.fees import words as fee_words
from etoile.gru.filling import mandates
from etoile.gru.filling.questions.files import lighten
from etoile.gru.forms.fields.base import cleaned_lines
from etoile.gru.notices.queries import receipt_of
from etoile.gru.notices.wishes import masked
from etoile.gru.portal import mandated, throttle, usual, words
from etoile.gru.portal import services as portal_services
from etoile.gru.portal.forms import LinkForm
from etoile.gru.portal.requests import authority_of
from etoile.gru.ratings.queries import of_case

MAX_FILES = 5


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Reference and e-mail; the answer never tells whether they match."""
    authority = authority_of(request)
    form = LinkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        portal_services.send_link_again(
            authority,
            reference=form.cleaned_data["reference"],
            email=form.cleaned_data["email"],
            asked_from=throttle.address_of(request),
        )
        return render(request, "portal/tracking_sent.html", {"email": form.cleaned_data["email"]})
    return render(request, "portal/tracking_ask.html", {"form": form}, status=422 if form.errors else 200)


def opened(view_of: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Give the case this key opens, in this authority; else say how to get another link."""

    @wraps(view_of)
    def guarded(request: HttpRequest, key: str, **asked: Any) -> HttpResponseBase:
        found = throttle.by_key(request, lambda: _case_of(key, authority_of(request)))
        if found is None:
            return render(request, "portal/follow_unknown.html", status=404)
        if not mandated.may_open(request, found.case):
            return render(request, "portal/follow_mandate_over.html", status=403)
        return view_of(request, found, key, **asked)

    return guarded


def _case_of(key: str, authority: Authority) -> Tracking | None:
    found = queries.tracking(key)
    return found if found is not None and found.authority == authority else None


@never_cache
@require_safe
@opened
def follow(request: HttpRequest, view: Tracking, key: str) -> HttpResponse:
    if any(each.author != Message.Author.PERSON and each.read_at is None for each in view.messages):
        services.read_messages(view.case, by=Message.Author.PERSON)
    return _page(request, view)


@never_cache
@require_safe
@opened
def receipt(request: HttpRequest, view: Tracking, key: str) -> HttpResponse:
    """The receipt of registration as it was sent, to be printed or kept."""
    found = receipt_of(view.id)
    if found is None:
        raise Http404
    return render(request, "portal/receipt.html", {"view": view, "key": key, "receipt": found})


@never_cache
@require_POST
@opened
def provide(request: HttpRequest, view: Tracking, key: str) -> HttpResponse:
    """Files for a request for documents, each under the document it is, or for the case itself."""
    asked = _request_asked(request, view)
    fields = dict(_wanted(asked)) if asked else {"documents": 0}
    chosen = {name: request.FILES.getlist(name) for name in fields}
    # One choice for all, under the first.
    lighter = any(f"{name}.lighten" in request.POST for name in fields)
    at = next(iter(fields))
    try:
        if not any(chosen.values()):
            raise CaseError(_("Choisissez au moins un fichier, par exemple justificatif.pdf."))
        with ExitStack() as files:
            given: list[Received] = []
            for name, uploads in chosen.items():
                at = name
                given += _proven(files, uploads, lighten=lighter)
            files.enter_context(transaction.atomic())
            stored = [keep(each, view.case.authority, view.id, field=GIVEN) for each in given]
            places = [place for name, place in fields.items() if chosen[name]] if asked else None
            services.provide_document(view.id, stored, actor=person(view), request_id=asked and asked.pk, places=places)
    except (CaseError, DocumentRefused) as error:
        return _page(request, view, errors={at: str(error)})
    messages.success(request, _("Vos fichiers ont été transmis au service."))
    return redirect("portal:follow", key)


@never_cache
@require_POST
@opened
def write(request: HttpRequest, view: Tracking, key: str) -> HttpResponse:
    body = cleaned_lines(request.POST.get("message")) or ""
    try:
        services.post_message(view.id, person(view), body)
    except CaseError as error:
        return _page(request, view, errors={"message": str(error)}, typed=body)
    messages.success(request, _("Votre message a été envoyé au service."))
    return redirect("portal:follow", key)


@never_cache
@require_safe
@opened
def document(request: HttpRequest, view: Tracking, key: str, document_id: uuid.UUID) -> HttpResponseBase:
    """A document of the request, given or received, to whoever follows it; never shown inline."""
    found = next((each for each in view.documents if each.pk == document_id), None)
    if found is None:
        raise Http404
    try:
        return serving.response(found)
    except NotOpenable as refusal:
        messages.error(request, f"{found.name} : {refusal}")
        return redirect("portal:follow", key)


@never_cache
@require_safe
@opened
def paper(request: HttpRequest, view: Tracking, key: str, kind: str) -> HttpResponse:
    """A letter of the request as PDF."""
    if any(each.kind == kind and each.unopened for each in view.decisions):
        return redirect(f"{reverse('portal:follow', args=[key])}#{kind}")
    printed = papers.paper(view.case, kind)
    if printed is None:
        raise Http404
    return serving.produced(printed.name, printed.content)


@never_cache
@require_POST
@opened
def attest(request: HttpRequest, view: Tracking, key: str) -> HttpResponse:
    """The attestation of an acceptance by silence, on the page of the request."""
    try:
        attestation.attest(view.id, person(view))
    except CaseError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Votre attestation est prête. Vous pouvez l’imprimer."))
    return redirect("portal:follow", key)


def person(view: Tracking) -> actors.Actor:
    """Who acts on these pages."""
    return actors.person(view.case.contact_name)


def _request_asked(request: HttpRequest, view: Tracking) -> DocumentRequest | None:
    given = request.POST.get("request", "")
    return next((each for each in view.open_requests if str(each.id) == given and not each.is_correction), None)


def _proven(files: ExitStack, uploads: list[UploadedFile], *, lighten: bool) -> list[Received]:
    """Raises `CaseError`, `DocumentRefused`."""
    if len(uploads) > MAX_FILES:
        raise CaseError(_("Choisissez %(n)d fichiers au plus à la fois.") % {"n": MAX_FILES})
    return [
        files.enter_context(received(each, accept=JOINED, max_size=JOINED_SIZE, lighten=lighten)) for each in uploads
    ]


def _wanted(asked: DocumentRequest) -> list[tuple[str, int]]:
    """The control and the place of each document that is still awaited."""
    return [(f"documents-{asked.id}-{place}", place) for place in asked.awaited]


def _asked(asked: DocumentRequest, wrong: dict[str, str]) -> list[FieldView]:
    fields = [(name, asked.items[place]) for name, place in _wanted(asked)]
    return [_upload(name, wrong, **_named(item), first=name == fields[0][0]) for name, item in fields]


def _named(item: dict[str, Any]) -> dict[str, Any]:
    with_translation = _("%(name)s (avec sa traduction en français)") if item.get("to_translate") else "%(name)s"
    return {"label": with_translation % {"name": item["name"]}, "required": bool(item.get("indispensable"))}


def _page(
    request: HttpRequest, view: Tracking, *, errors: dict[str, str] | None = None, typed: str = ""
) -> HttpResponse:
    wrong = errors or {}
    message = FieldView(
        "message", _("Votre message"), "textarea", required=True, value=typed, error=wrong.get("message", ""), rows=4
    )
    context: dict[str, Any] = {
        "view": view,
        "mandate": mandates.said(view.case.mandate),
        "fees": [fee_words.said(view.case, each) for each in fees.of_case(view.id)],
        "key": request.resolver_match.kwargs["key"] if request.resolver_match else "",
        "tone": words.tone(view.word),
        "sequel": words.sequel(view),
        "timeline": words.timeline(view),
        "expected": words.expected(view),
        "steps": words.steps(view),
        "step": words.step(view),
        "now": words.step_now(view),
        "unreached": masked(view.case.contact_email) if view.address.failed_at else "",
        "answer_before": words.answer_before(view),
        "usual_delay": _usual(view),
        "rating": None if view.case.is_open else of_case(view.id),
        "asked": [(each, _asked(each, wrong)) for each in view.open_requests if not each.is_correction],
        "changed": [(words.changed(each), each.reason) for each in changes.made(view.case)],
        "upload": _upload("documents", wrong),
        "may_keep": accounts.lacks(account_of(request), view.id),
        "message": message,
        "errors": [ErrorLink(f"champ-{name}", text) for name, text in wrong.items()],
    }
    return render(request, "portal/follow.html", context, status=422 if wrong else 200)


def _usual(view: Tracking) -> str:
    """While the answer is awaited: afterwards nobody needs it."""
    if not view.case.is_open:
        return ""
    return usual.delay_or_why_not(view.case.procedure_version.procedure, view.case.authority)


def _upload(
    name: str, wrong: dict[str, str], *, label: str = "", required: bool = True, first: bool = True
) -> FieldView:
    return FieldView(
        name,
        label or _("Fichiers à joindre"),
        "file",
        required=required,
        hint=files_hint() if first else "",
        accept=",".join(accepted_extensions(JOINED)),
        multiple=True,
        parts=lighten(name) if first else (),
        error=wrong.get(name, ""),
    )


def files_hint() -> str:
    said = {"kinds": accepted_words(JOINED), "size": JOINED_SIZE // 1024 // 1024, "count": MAX_FILES}
    return _("%(kinds)s. %(size)d Mo au plus par fichier, %(count)d fichiers au plus.") % said
