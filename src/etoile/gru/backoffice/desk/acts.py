"""What an agent does beside a case: notes, labels, keeping an eye on it."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from etoile.gru.backoffice.desk.forms import LabelsForm, NoteForm
from etoile.gru.backoffice.guard import agent_required
from etoile.gru.backoffice.views import act, case_of, here
from etoile.gru.cases.errors import CaseError
from etoile.gru.desk import labels, notes, watching

write_note = act(
    "cases.treat",
    NoteForm,
    gettext_lazy("La note est ajoutée."),
    lambda request, seen, given, form: notes.write(seen.case, request.user, given["body"]),
    part="notes",
)
put_labels = act(
    "cases.treat",
    LabelsForm,
    gettext_lazy("Les étiquettes sont enregistrées."),
    lambda request, seen, given, form: labels.put(seen.case, request.user, given["labels"]),
    part="etiquettes",
)


@agent_required
@require_POST
def withdraw_note(request: HttpRequest, pk: uuid.UUID, note: uuid.UUID) -> HttpResponse:
    seen = case_of(request, pk)
    try:
        notes.withdraw(seen.case, request.user, note)
    except CaseError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("La note est retirée."))
    return redirect(here(pk, "notes"))


@agent_required
@require_POST
def watch(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Whoever may read a case may keep an eye on it."""
    seen = case_of(request, pk)
    if "stop" in request.POST:
        watching.unwatch(seen.case, request.user)
        messages.success(request, _("Vous ne la gardez plus à l’œil."))
    else:
        watching.watch(seen.case, request.user)
        messages.success(request, _("Vous la gardez à l’œil : ce qui bouge vous attend dans « Gardées à l’œil »."))
    return redirect(here(pk, "suivi"))
