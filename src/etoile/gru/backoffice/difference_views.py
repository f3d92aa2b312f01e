"""A price that changed once it was asked or paid, and the answers that name another team: what the agent decides."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from etoile.gru.access.models import Account
from etoile.gru.backoffice import forms, views
from etoile.gru.backoffice.difference_panel import FORMS, prefix_of
from etoile.gru.backoffice.fee_forms import seen_of
from etoile.gru.backoffice.guard import agent_required
from etoile.gru.cases import transmission
from etoile.gru.cases.errors import CaseError
from etoile.gru.fees import deciding
from etoile.gru.fees.differences import open_one
from etoile.gru.fees.models import How

_DONE = {
    "demande": gettext_lazy("La différence est demandée. La personne est prévenue."),
    "ajustement": gettext_lazy("Le paiement demandé est changé. La personne est prévenue."),
    "restitution": gettext_lazy("La restitution est notée. La personne est prévenue."),
    "maintien": gettext_lazy("Rien ne change. La personne est prévenue."),
}

_VERBS: dict[str, Callable[..., Any]] = {
    "demande": deciding.ask,
    "ajustement": deciding.adjust,
    "restitution": deciding.give_back,
    "maintien": deciding.leave,
}


@agent_required
@require_POST
def decide(request: HttpRequest, pk: uuid.UUID, kind: str) -> HttpResponse:
    """A refusal shows the page of the case again, with its sentence."""
    seen = views.case_of(request, pk, "cases.treat")
    found = open_one(pk)
    if found is None or kind not in FORMS:
        raise Http404
    form = FORMS[kind](request.POST, prefix=prefix_of(kind))
    if form.is_valid():
        try:
            _decide(kind, found.pk, request.user, form.cleaned_data | {"seen": seen_of(request)})
        except CaseError as refusal:
            form.add_error(None, str(refusal))
        else:
            notes.success(request, _DONE[kind])
            return redirect("backoffice:case", pk=pk)
    return views.show(request, seen, form)


def _decide(kind: str, difference: uuid.UUID, account: Account, given: dict[str, Any]) -> None:
    if kind == "demande":
        given["how"] = How(given["how"])
    _VERBS[kind](difference, account, **given)


keep = views.act(
    "cases.treat",
    forms.Version,
    gettext_lazy("La demande reste dans ce service."),
    lambda request, seen, given, form: transmission.keep(seen.case.pk, request.user, expected_version=given["version"]),
)
