"""The ties of a person of one's sectors: added, attested, corrected, ended. Each is in the audit log of both."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from etoile.gru.access.models import Account, Sector
from etoile.gru.access.queries import sectors_of
from etoile.gru.audit import persons as audit
from etoile.gru.backoffice.guard import right_required
from etoile.gru.backoffice.people import tie_reading
from etoile.gru.backoffice.people.tie_forms import SOMEBODY_ELSE, Change, New, Way, Which, way_of
from etoile.gru.backoffice.people.views import person_of
from etoile.gru.people import certifying, queries, search
from etoile.gru.people.models import Attribute, Kind, Person, Presence
from etoile.gru.people.words import lines, name_of
from etoile.gru.ties import queries as tie_queries
from etoile.gru.ties import services, telling
from etoile.gru.ties import words as tie_words
from etoile.gru.ties.errors import TieRefused
from etoile.gru.ties.models import Tie

SOURCE = "desk"


@sensitive_post_parameters()
@right_required("people.certify")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """First which tie; then with whom, looked for among those of the agent's services first."""
    person = _mine(request, pk)
    shown: dict[str, Any] = {"person": person, "name": name_of(queries.attributes(person.pk))}
    way = way_of(person.kind, (request.POST or request.GET).get("lien", ""))
    if way is None:
        shown["form"] = Which(request.GET or None, of=person.kind)
        return render(request, "backoffice/people/tie_which.html", shown, status=422 if shown["form"].errors else 200)
    shown["way"] = way
    if request.method != "POST":
        return render(
            request,
            "backoffice/people/tie_new.html",
            {**shown, "form": New(way=way, found=[], authority=person.authority)},
        )
    form = New(request.POST, way=way, found=[], authority=person.authority)
    if form.is_valid():
        found = _found(request.user, person, way, form.identity)
        form = New(request.POST, way=way, found=found, authority=person.authority) if found else form
        if form.is_valid() and _declared(request, person, way, form):
            return redirect("backoffice:person", pk)
    return render(request, "backoffice/people/tie_new.html", {**shown, "form": form}, status=422)


@sensitive_post_parameters()
@right_required("cases.read")
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, pk: uuid.UUID, tie: uuid.UUID) -> HttpResponse:
    person = person_of(request, pk)
    found = _tie(person, tie)
    may = certifying.may_certify(request.user, person)
    if request.method == "POST" and not may:
        raise Http404
    initial = {**found.detail, "begins_on": found.begins_on, "ends_on": found.ends_on, "proof": ""}
    form = Change(request.POST or None, kind=found.what, authority=found.authority, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            _done, warned = _changed(request, found, form)
        except TieRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            _say(request, _("Le lien est enregistré."), warned)
            return redirect("backoffice:person", pk)
    if request.method != "POST":
        audit.note_reading(authority=person.authority_id, by=request.user, person_id=person.pk)
    (line,) = tie_queries.with_others(person.pk, [found])
    shown = {
        "person": person,
        "name": name_of(queries.attributes(person.pk)),
        "shown": tie_reading.shown(person, line, tie_words.named([found])),
        "history": tie_reading.history(found),
        "form": form if may and not found.is_over else None,
        "seen": found.mark,
    }
    return render(request, "backoffice/people/tie.html", shown, status=422 if form.errors else 200)


@right_required("people.certify")
@require_POST
def end(request: HttpRequest, pk: uuid.UUID, tie: uuid.UUID) -> HttpResponse:
    found = _tie(_mine(request, pk), tie)
    services.note(services.ENDED, services.end(found.pk), request.user)
    messages.success(request, _("Le lien est terminé. Il reste dans l’historique."))
    return redirect("backoffice:person", pk)


def _changed(request: HttpRequest, tie: Tie, form: Change) -> tuple[Tie, list[str]]:
    given, seen = form.cleaned_data, request.POST.get("seen", "")
    if given["proof"]:
        return services.certify(tie.pk, request.user, form.said, level=given["proof"], seen=seen, until=given["until"])
    done = services.correct(tie.pk, form.said, seen=seen)
    services.note(services.CORRECTED, tie, request.user)
    return done


def _declared(request: HttpRequest, person: Person, way: Way, form: New) -> bool:
    try:
        with transaction.atomic():
            other = _other(request.user, person, way, form)
            ends = (person, other) if way.is_holder else (other, person)
            tie, warned = services.declare(way.kind.code, *ends, form.said, source=SOURCE)
            services.note(services.TIED, tie, request.user)
    except TieRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    _say(request, _("Le lien est noté. Attestez-le si vous avez vu un justificatif."), warned)
    return True


def _other(account: Account, person: Person, way: Way, form: New) -> Person:
    """Somebody whom the agent sees, as they chose; else a new person, known where the agent knows this one."""
    chosen = form.cleaned_data.get("other", SOMEBODY_ELSE)
    if chosen != SOMEBODY_ELSE:
        return Person.objects.select_related("authority").get(pk=chosen)
    values = form.identity
    return telling.tell(person.authority, way.other, values, source=SOURCE, sectors=_sectors(account, person))


def _sectors(account: Account, person: Person) -> list[Sector]:
    known = Presence.objects.filter(person=person).values("sector")
    return list(sectors_of(account, "people.certify").filter(pk__in=known))


def _found(account: Account, person: Person, way: Way, identity: Mapping[str, str]) -> list[tuple[str, str]]:
    """Those of the agent's services who answer to what was typed; the search is in the audit log like any other."""
    keys = ("family_name", "given_names") if way.other == Kind.NATURAL else ("organisation", "siret")
    try:
        found = search.search(account, {key: identity[key] for key in keys})
    except search.SearchRefused:
        return []
    others = [each for each in found.persons if each.kind == way.other and each.pk != person.pk]
    return [(str(each.pk), _called(found.attributes[each.pk])) for each in others]


def _called(known: Mapping[str, Attribute]) -> str:
    more = [lines(key, known[key].value)[-1] for key in ("birth_date", "siret", "address") if key in known]
    return ", ".join((name_of(known), *more))


def _say(request: HttpRequest, words: str, warned: list[str]) -> None:
    messages.success(request, words)
    for each in warned:
        messages.warning(request, each)


def _mine(request: HttpRequest, pk: uuid.UUID) -> Person:
    person = person_of(request, pk)
    if not certifying.may_certify(request.user, person):
        raise Http404
    return person


def _tie(person: Person, pk: uuid.UUID) -> Tie:
    found = Tie.objects.select_related("authority").filter(pk=pk, authority=person.authority_id).first()
    if found is None or person.pk not in (found.holder_id, found.subject_id):
        raise Http404
    return found
