"""Before a form: what to have at hand, how long it takes, for whom it is. A draft is made by the button alone."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from etoile.gru.accounts import services as accounts
from etoile.gru.accounts.models import How
from etoile.gru.accounts.sessions import account_of
from etoile.gru.filling import estimate, keys, mandates, prefill_links, prefilling, services
from etoile.gru.filling.errors import FillingRefused
from etoile.gru.filling.evaluated import Evaluated
from etoile.gru.filling.identified import is_enough
from etoile.gru.forms.definition import Definition
from etoile.gru.forms.models import Procedure, ProcedureState
from etoile.gru.forms.queries import known_procedure
from etoile.gru.portal import identified, throttle
from etoile.gru.portal.forms import MandateForm
from etoile.gru.portal.requests import authority_of
from etoile.gru.portal.views.procedure import documents_of
from etoile.gru.ties import choosing, concerning

STARTS = throttle.Limit(count=120, seconds=600)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """A draft is made by a POST only: robots follow links."""
    found = known_procedure(authority_of(request), slug)
    if found is None or found.current is None:
        raise Http404(_("Cette démarche n’existe pas."))
    if found.state != ProcedureState.PUBLISHED:
        return redirect("portal:procedure", slug)
    definition = found.current.definition
    account = account_of(request)
    known = choosing.offered(account.person_id, definition) if account is not None else []
    form = MandateForm(
        request.POST if request.method == "POST" else None,
        offered=mandates.offered(definition),
        known=[(str(each.tie), each.words) for each in known],
    )
    if request.method != "POST" or not form.is_valid() or not is_enough(definition, identified.level(request)):
        return _before(request, found, definition, form)
    if not throttle.allowed("start", throttle.address_of(request), STARTS):
        messages.error(request, _("Trop de formulaires ont été ouverts d’ici. Réessayez dans quelques minutes."))
        return redirect("portal:procedure", slug)
    chosen = next((each for each in known if str(each.tie) == request.POST.get("tie")), None)
    if request.POST.get("tie") and chosen is None:
        # Never for oneself instead: the tie ended while the page was read.
        form.add_error(None, _("Vous ne pouvez plus faire cette démarche pour cette personne."))
        return _before(request, found, definition, form)
    try:
        with transaction.atomic():
            draft, key = services.start(
                found.current,
                prefilled=_prefilled(request, found, chosen.told if chosen is not None else {}),
                mandate=chosen.mandate if chosen is not None else form.mandate(),
            )
            if account is not None:
                accounts.keep(account, draft.id, How.STARTED)
                if chosen is not None:
                    concerning.begun(account.person_id, draft.id, chosen.tie)
    except FillingRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("portal:procedure", slug)
    response = redirect("portal:page", slug, draft.id, definition.pages[0].id)
    keys.remember(response, draft, key)
    return response


def _before(request: HttpRequest, found: Procedure, definition: Definition, form: MandateForm) -> HttpResponse:
    evaluated = Evaluated(definition, {})
    context = {
        "procedure": found,
        "definition": definition,
        "documents": documents_of(definition),
        "minutes": estimate.minutes(evaluated, definition.pages),
        "pages": [page for page in definition.pages if evaluated.sections(page)],
        "form": form,
        "prefill": (request.POST or request.GET).get(prefill_links.NAME, ""),
        "prefill_name": prefill_links.NAME,
        "from_space": bool(prefilling.from_account(definition, request)),
        **identified.asked(request, definition),
    }
    status = 422 if form.errors else 403 if request.method == "POST" else 200
    return render(request, "portal/before.html", context, status=status)


def _prefilled(request: HttpRequest, found: Procedure, also: Mapping[str, Any]) -> dict[str, Any]:
    """By field, what the account of the person tells, of them and of whom they ask for (`also`), then the link they
    followed. One that ended is only told."""
    told = prefilling.from_account(found.current.definition, request, also=also) if found.current is not None else {}
    given = request.POST.get(prefill_links.NAME, "")
    if not given:
        return told
    try:
        return {**told, **prefill_links.told(found, given)}
    except prefill_links.LinkRefused as refusal:
        messages.warning(request, str(refusal))
        return told
