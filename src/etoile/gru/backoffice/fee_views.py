"""Payments on the page of a case: what is due, what an agent notes of it."""

import uuid
from typing import Any

from django.contrib import messages as notes
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from etoile.gru.access.models import Account
from etoile.gru.backoffice import views
from etoile.gru.backoffice.fee_forms import Cancelled, Paid, Refunded, seen_of
from etoile.gru.backoffice.guard import agent_required
from etoile.gru.cases.errors import CaseError
from etoile.gru.fees import queries, services
from etoile.gru.fees.models import Fee

# By the last word of the address: the form, and what is said once it is done.
KINDS: dict[str, tuple[type[Form], Any]] = {
    "paye": (Paid, gettext_lazy("Le paiement est noté. La personne reçoit un accusé.")),
    "annulation": (Cancelled, gettext_lazy("Le paiement est annulé. La personne est prévenue.")),
    "remboursement": (Refunded, gettext_lazy("Le remboursement est noté. La personne est prévenue.")),
}


@agent_required
@require_POST
def settle(request: HttpRequest, pk: uuid.UUID, fee: uuid.UUID, kind: str) -> HttpResponse:
    """A refusal shows the page of the case again, with its sentence."""
    seen = views.case_of(request, pk, "cases.treat")
    found = next((each for each in queries.of_case(pk) if each.pk == fee), None)
    if found is None or kind not in KINDS:
        raise Http404
    form_class, done = KINDS[kind]
    form = form_class(request.POST, prefix=f"{kind}-{fee}")
    if form.is_valid():
        try:
            _settle(kind, found, request.user, form.cleaned_data, seen_of(request))
        except CaseError as refusal:
            form.add_error(None, str(refusal))
        else:
            notes.success(request, done)
            return redirect("backoffice:case", pk=pk)
    return views.show(request, seen, form)


def _settle(kind: str, fee: Fee, account: Account, given: dict[str, Any], seen: int) -> None:
    if kind == "paye":
        services.pay(fee.pk, account, seen=seen, **given)
    elif kind == "annulation":
        services.cancel(fee.pk, account, **given)
    else:
        services.refund(fee.pk, account, seen=seen, **given)
