"""Acts on the cases near one: link, tell apart, close as a duplicate, undo."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from etoile.gru.backoffice import forms
from etoile.gru.backoffice.desk.forms import RelateForm
from etoile.gru.backoffice.guard import agent_required
from etoile.gru.backoffice.views import act, case_of, here
from etoile.gru.cases.lists.scope import scope_of
from etoile.gru.desk import duplicates, relations
from etoile.gru.desk.models import Pair

PART = "proches"

link = act(
    "cases.treat",
    RelateForm,
    gettext_lazy("Les deux demandes sont liées."),
    lambda request, seen, given, form: relations.pair(
        seen.case,
        relations.named(given["reference"], scope_of(request.user)),
        request.user,
        Pair.Kind.LINKED,
        given["why"],
    ),
    part=PART,
)
mark = act(
    "cases.decide",
    RelateForm,
    gettext_lazy("Cette demande est classée comme doublon. La personne est prévenue."),
    lambda request, seen, given, form: duplicates.mark(
        seen.case.pk,
        request.user,
        relations.named(given["reference"], scope_of(request.user)),
        expected_version=given["version"],
    ),
    part=PART,
)
unmark = act(
    "cases.decide",
    forms.Version,
    gettext_lazy("La demande est rouverte. La personne est prévenue."),
    lambda request, seen, given, form: duplicates.undo(seen.case.pk, request.user, expected_version=given["version"]),
    part=PART,
)


@agent_required
@require_POST
def apart(request: HttpRequest, pk: uuid.UUID, other: uuid.UUID) -> HttpResponse:
    """Undo a link, or say of two cases that look alike that they are two."""
    seen = case_of(request, pk, "cases.treat")
    found = scope_of(request.user).cases().filter(pk=other).first()
    if found is None:
        raise Http404
    if "distinct" in request.POST:
        relations.pair(seen.case, found, request.user, Pair.Kind.DISTINCT)
        messages.success(request, _("C’est noté : ce sont deux demandes."))
    else:
        relations.part(seen.case, found)
        messages.success(request, _("Les deux demandes ne sont plus liées."))
    return redirect(here(pk, PART))
