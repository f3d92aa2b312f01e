"""« Signaler un doublon »: from the page of a person, an agent looks for the other one and says why."""

import uuid
from typing import Any

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from etoile.gru.backoffice.guard import right_required
from etoile.gru.backoffice.matching.forms import Flag
from etoile.gru.backoffice.people.forms import Search
from etoile.gru.matching import flagging
from etoile.gru.matching.errors import MatchingError, NotWithinReach
from etoile.gru.matching.sentences import named
from etoile.gru.people import search
from etoile.gru.people.models import Person
from etoile.gru.people.queries import attributes_of


@sensitive_post_parameters()
@right_required("cases.read")
@require_http_methods(["GET", "HEAD", "POST"])
def flag(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Looked for first, among those of the agent's services; then chosen, with a reason."""
    name = _lines_of([pk], request).get(str(pk))
    if name is None:
        raise Http404
    shown: dict[str, Any] = {"pk": pk, "name": name, "form": Search(), "asked": None}
    if "other" in request.POST or "flag" in request.POST:
        done = _flagged(request, pk, shown)
        if done is not None:
            return done
    elif request.method == "POST":
        _look(request, pk, shown)
    wrong = shown["form"].errors or (shown["asked"] is not None and shown["asked"].errors)
    return render(request, "backoffice/matching/flag.html", shown, status=422 if wrong else 200)


def _look(request: HttpRequest, pk: uuid.UUID, shown: dict[str, Any]) -> None:
    form = shown["form"] = Search(request.POST)
    if not form.is_valid():
        return
    try:
        found = search.search(request.user, form.criteria)
    except search.SearchRefused as refusal:
        form.add_error(None, str(refusal))
        return
    others = [(str(each.pk), named(found.attributes[each.pk])) for each in found.persons if each.pk != pk]
    if others:
        shown["asked"] = Flag(others=others)
    else:
        words = _("Trop de personnes répondent. Ajoutez un critère.") if found.too_many else _("Personne d’autre.")
        form.add_error(None, words)


def _flagged(request: HttpRequest, pk: uuid.UUID, shown: dict[str, Any]) -> HttpResponse | None:
    """What was chosen is shown again when something is missing."""
    offered = [each for each in request.POST.getlist("offered") if _is_key(each)][: search.MOST]
    lines = _lines_of([uuid.UUID(each) for each in offered], request)
    form = shown["asked"] = Flag(request.POST, others=[(each, lines[each]) for each in offered if each in lines])
    if not form.is_valid():
        return None
    try:
        flagging.flag(pk, uuid.UUID(form.cleaned_data["other"]), request.user, why=form.cleaned_data["why"])
    except NotWithinReach as nothing:
        raise Http404 from nothing
    except MatchingError as refusal:
        form.add_error(None, str(refusal))
        return None
    notes.success(request, _("C’est signalé. Qui s’occupe des doublons comparera les deux fiches."))
    return redirect("backoffice:person", pk)


def _lines_of(persons: list[uuid.UUID], request: HttpRequest) -> dict[str, str]:
    """Those the agent may see, each on a line. Two statements."""
    found = Person.objects.filter(pk__in=persons, authority=request.user.authority_id, merged_into=None)
    known = attributes_of(found.values_list("pk", flat=True))
    return {str(person): named(each) for person, each in known.items()}


def _is_key(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
