"""A document that an agent adds to a case."""

import uuid
from contextlib import ExitStack

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from etoile.gru.backoffice import views
from etoile.gru.backoffice.guard import agent_required
from etoile.gru.cases import giving
from etoile.gru.cases.errors import CaseError
from etoile.gru.documents.kinds import JOINED, JOINED_SIZE
from etoile.gru.documents.services import DocumentRefused, received


@agent_required
@require_POST
def give(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    views.case_of(request, pk, "cases.treat")
    try:
        _give(request, pk)
    except (CaseError, DocumentRefused) as refusal:
        notes.error(request, str(refusal))
    else:
        notes.success(request, _("Le document est ajouté. La personne est prévenue par courriel."))
    return redirect(views.here(pk, "documents"))


def _give(request: HttpRequest, pk: uuid.UUID) -> None:
    """The files are proven before the transaction."""
    uploads = request.FILES.getlist("document")
    if not uploads:
        raise CaseError(_("Choisissez un fichier, par exemple plan.pdf."))
    with ExitStack() as files:
        proven = [files.enter_context(received(each, accept=JOINED, max_size=JOINED_SIZE)) for each in uploads[:5]]
        giving.give(pk, request.user, proven)
