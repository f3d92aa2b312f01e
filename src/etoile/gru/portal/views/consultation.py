"""The page of an invitation to give an opinion: no account, and nothing but what was chosen to be shown."""

import uuid
from contextlib import ExitStack
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from etoile.design.fields import ErrorLink, FieldView, Option
from etoile.design.parts import SummaryRow
from etoile.gru.cases.errors import CaseError
from etoile.gru.documents import serving
from etoile.gru.documents.kinds import JOINED, JOINED_SIZE, accepted_extensions
from etoile.gru.documents.scanning import NotOpenable
from etoile.gru.documents.services import DocumentRefused, received
from etoile.gru.opinions import queries, services
from etoile.gru.opinions.links import by_token
from etoile.gru.opinions.models import Opinion, Outcome, State
from etoile.gru.portal import throttle
from etoile.gru.portal.requests import authority_of
from etoile.gru.portal.views.tracking import MAX_FILES, files_hint


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    opinion = _opened(request, token)
    if opinion is None:
        return render(request, "portal/invitation_unknown.html", status=404)
    error = ""
    if request.method == "POST":
        try:
            _give(request, opinion)
        except (CaseError, DocumentRefused) as refusal:
            error = str(refusal)
        else:
            messages.success(request, _("Votre avis est rendu. Merci : le service en est prévenu."))
            return redirect("portal:invitation", token)
    context = _context(request, opinion, token, error)
    return render(request, "portal/invitation.html", context, status=422 if error else 200)


@never_cache
@require_safe
def document(request: HttpRequest, token: str, document_id: uuid.UUID) -> HttpResponseBase:
    """One of the documents that were chosen, never shown inline."""
    opinion = _opened(request, token)
    shared = queries.shared_documents(opinion) if opinion is not None and opinion.state == State.ASKED else []
    found = next((each for each in shared if each.pk == document_id), None)
    if found is None:
        raise Http404
    try:
        return serving.response(found)
    except NotOpenable as refusal:
        messages.error(request, f"{found.name} : {refusal}")
        return redirect("portal:invitation", token)


def _opened(request: HttpRequest, token: str) -> Opinion | None:
    return throttle.by_key(request, lambda: by_token(token, authority_of(request)))


def _give(request: HttpRequest, opinion: Opinion) -> None:
    """Files are proven before the transaction."""
    uploads = request.FILES.getlist("documents")
    if len(uploads) > MAX_FILES:
        raise CaseError(_("Choisissez %(n)d fichiers au plus à la fois.") % {"n": MAX_FILES})
    with ExitStack() as files:
        given = [files.enter_context(received(each, accept=JOINED, max_size=JOINED_SIZE)) for each in uploads]
        files.enter_context(transaction.atomic())
        services.give(
            opinion.pk,
            outcome=request.POST.get("outcome", ""),
            text=request.POST.get("text", ""),
            author=request.POST.get("author", ""),
            received=given,
        )


def _context(request: HttpRequest, opinion: Opinion, token: str, error: str) -> dict[str, Any]:
    typed = request.POST
    choices = [Option(value, str(words), checked=value == typed.get("outcome")) for value, words in Outcome.choices]
    outcome = FieldView(
        "outcome",
        _("Votre avis"),
        "radios",
        required=True,
        error=error,
        options=tuple(choices),
    )
    return {
        "opinion": opinion,
        "token": token,
        "procedure": opinion.case.procedure_version.name,
        "reference": opinion.case.reference,
        "service": opinion.case.team,
        "answers": [SummaryRow(label, lines) for label, lines in queries.shared_answers(opinion)],
        "documents": queries.shared_documents(opinion),
        "fields": [outcome, *_fields(opinion, typed.get("text", ""), typed.get("author", opinion.name))],
        "errors": [ErrorLink(outcome.id, error)] if error else [],
    }


def _fields(opinion: Opinion, text: str, author: str) -> list[FieldView]:
    return [
        FieldView("text", _("Ce que vous avez à dire"), "textarea", rows=8, value=text,
                  hint=_("Nécessaire pour un avis défavorable ou avec réserves.")),
        FieldView("documents", _("Fichiers à joindre"), "file", hint=files_hint(), multiple=True,
                  accept=",".join(accepted_extensions(JOINED))),
        FieldView("author", _("Qui rend cet avis ?"), "text", value=author,
                  hint=_("Nom et qualité. Par exemple : Dominique Leroy, architecte.")),
    ]  # fmt: skip
