"""The quarantine: answers that could not be applied, tried again or put aside with a written reason."""

from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from etoile.hub.console import queries, tables, words
from etoile.hub.console.access import may_decide, operator_required
from etoile.hub.console.forms import Decision
from etoile.hub.console.paging import key_of, keys_of, pages
from etoile.hub.delivery import quarantine
from etoile.hub.delivery.models import Quarantined
from etoile.hub.delivery.models import QuarantineState as State
from etoile.hub.registry.models import Application

CHOSEN = "choix"


@operator_required
@require_safe
def quarantine_page(request: HttpRequest) -> HttpResponse:
    return _shown(request, Decision(), frozenset())


@operator_required("operator")
@require_POST
def quarantine_decide(request: HttpRequest) -> HttpResponse:
    """What the answers say is personal data: it is not shown, and a decision erases it."""
    form = Decision(request.POST)
    chosen = [key for key in map(key_of, request.POST.getlist(CHOSEN)) if key is not None]
    if form.is_valid() and not chosen:
        form.add_error(None, _("Cochez au moins une réponse."))
    if not form.is_valid():
        return _shown(request, form, frozenset(chosen))
    reason, actor = form.cleaned_data["reason"], request.user.email  # type: ignore[union-attr]
    if "discard" in request.POST:
        number = quarantine.discard(chosen, actor=actor, reason=reason)
        notes.success(request, ngettext("%(n)s réponse écartée.", "%(n)s réponses écartées.", number) % {"n": number})
    else:
        done = quarantine.reprocess(chosen, actor=actor, reason=reason)
        said = ngettext("%(n)s réponse appliquée.", "%(n)s réponses appliquées.", done.applied) % {"n": done.applied}
        (notes.warning if done.waiting else notes.success)(request, f"{said} {_left(done.waiting)}".strip())
    return redirect("console:quarantine")


def _left(number: int) -> str:
    if not number:
        return ""
    return ngettext(
        "%(n)s ne peut pas encore l’être : sa raison est dans la liste.",
        "%(n)s ne peuvent pas encore l’être : leur raison est dans la liste.",
        number,
    ) % {"n": number}


def _shown(request: HttpRequest, form: Decision, chosen: frozenset[UUID]) -> HttpResponse:
    after, before = keys_of(request)
    rows = Quarantined.objects.filter(state=State.WAITING).defer("content", "digest")
    page = queries.keyset(rows, after, before)
    names = dict(Application.objects.values_list("pk", "name"))
    context = {
        "form": form,
        "rows": [
            (row, words.status(row.status) if row.status else "–", names.get(row.application_id, "–"), row.pk in chosen)
            for row in page.rows
        ],
        "chosen_name": CHOSEN,
        "found": tables.found(len(page.rows), more=bool(page.next_key or page.previous_key)),
        "pages": pages(request, page.next_key, page.previous_key),
        "may_decide": may_decide(request),
    }
    return render(request, "console/quarantine.html", context, status=422 if form.errors else 200)
