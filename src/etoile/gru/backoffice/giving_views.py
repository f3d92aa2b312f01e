"""A document that an agent adds to a case."""

import uuid
from contextlib import ExitStack
from datetime import date

from django.contrib import messages as notes
from django.core.exceptions import ValidationError
from django.forms import DateField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from etoile.gru.backoffice import views
from etoile.gru.backoffice.guard import agent_required
from etoile.gru.cases import giving
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.giving import Brought
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
        giving.give(pk, request.user, proven, _brought(request))


def _brought(request: HttpRequest) -> Brought | None:
    """Which documents were asked and came with these. Raises `CaseError`."""
    places: dict[uuid.UUID, list[int]] = {}
    for told in request.POST.getlist("brought"):
        asked, _dot, place = told.partition(".")
        try:
            places.setdefault(uuid.UUID(asked), []).append(int(place))
        except ValueError as error:
            raise CaseError(_("Cette pièce n’est pas de celles qui sont demandées.")) from error
    return Brought(places, _day(request.POST.get("day", ""))) if places else None


def _day(typed: str) -> date | None:
    try:
        return DateField(required=False).clean(typed)
    except ValidationError as error:
        raise CaseError(_("Écrivez le jour où le service a reçu la pièce, par exemple 15/01/2027.")) from error
