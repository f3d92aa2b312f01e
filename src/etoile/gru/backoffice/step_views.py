"""A step of the procedure, made by its button or by the form that asks its reason."""

import uuid

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from etoile.gru.backoffice import forms, views
from etoile.gru.backoffice import next_step as steps
from etoile.gru.backoffice.guard import agent_required
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.workflow.steps import take


@agent_required
@require_POST
def step(request: HttpRequest, pk: uuid.UUID, step: str) -> HttpResponse:
    seen = views.case_of(request, pk, "cases.treat")
    asked = steps.asked_step(seen, f"{steps.STEP}{step}")
    form = (forms.Step if asked else forms.Version)(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            take(pk, request.user, step, reason=given.get("reason", ""), expected_version=given["version"])
        except CaseError as refusal:
            form.add_error(None, str(refusal))
        else:
            notes.success(request, _("C’est fait."))
            return redirect("backoffice:case", pk=pk)
    return views.show(request, seen, form, opened=f"{steps.STEP}{step}" if asked else "")
