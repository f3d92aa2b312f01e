"""My family and my organisations: what I told of them, who may act for me. What ends is ended by a button."""

import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from etoile.gru.accounts.models import PersonSession
from etoile.gru.people import scope
from etoile.gru.people.models import Level, Person
from etoile.gru.people.words import name_of
from etoile.gru.portal.space.frame import show
from etoile.gru.portal.space.guard import person_required
from etoile.gru.portal.space.tie_forms import Child, Mandate, Organisation, TieForm
from etoile.gru.ties import mine, offers, words
from etoile.gru.ties.errors import TieRefused
from etoile.gru.ties.kinds import FAMILY, ORGANISATION
from etoile.gru.ties.queries import Line

HERE = "portal:space_ties"
FORMS: dict[str, type[TieForm]] = {"enfant": Child, "organisme": Organisation, "mandat": Mandate}


@dataclass(frozen=True, slots=True)
class Shown:
    id: uuid.UUID
    name: str
    lines: list[str]
    is_attested: bool
    may_end: bool


@require_safe
@person_required
def read(request: HttpRequest, session: PersonSession) -> HttpResponseBase:
    found, offered = mine.lines(session.account.person_id), offers.of_account(session.account)
    waiting = offers.unanswered(session.account.person_id)
    procedures = words.named([*(each.tie for each in found), *(tie for tie, _name in offered)])
    parts: dict[str, Callable[[Line], bool]] = {
        "family": lambda each: each.tie.what.group == FAMILY,
        "organisations": lambda each: each.tie.what.group == ORGANISATION,
        "mandates": lambda each: each.tie.kind == "mandate" and not each.is_holder,
        "principals": lambda each: each.tie.kind == "mandate" and each.is_holder,
    }
    shown: dict[str, Any] = {
        name: [_shown(each, procedures, waiting) for each in found if belongs(each)] for name, belongs in parts.items()
    }
    shown["offers"] = [
        {"id": tie.pk, "name": name, "lines": [*words.details(tie, procedures), words.period(tie)]}
        for tie, name in offered
    ]
    return show(request, "portal/space/ties.html", HERE, shown)


@require_POST
@person_required
def answer(request: HttpRequest, session: PersonSession, tie: uuid.UUID) -> HttpResponseBase:
    """Yes or no to a mandate that is offered to the address of the account."""
    try:
        if request.POST.get("answer") == "yes":
            offers.accept(session.account, tie)
            messages.success(request, _("C’est accepté. Vos formulaires vous proposeront de demander pour elle."))
        else:
            offers.refuse(session.account, tie)
            messages.success(request, _("C’est refusé. Ce mandat est terminé."))
    except TieRefused as refusal:
        messages.warning(request, str(refusal))
    return redirect(HERE)


def _shown(line: Line, procedures: Mapping[str, str], waiting: Collection[uuid.UUID]) -> Shown:
    # Of a mandate the title of its list says enough.
    role = "" if line.tie.kind == "mandate" else line.role
    state = _("attend sa réponse") if line.tie.pk in waiting else ""
    return Shown(
        line.tie.pk,
        name_of(line.known),
        [each for each in (role, *words.details(line.tie, procedures), words.period(line.tie), state) if each],
        is_attested=line.tie.level_now > Level.DECLARED,
        may_end=mine.may_end(line),
    )


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def add(request: HttpRequest, session: PersonSession, what: str) -> HttpResponseBase:
    if what not in FORMS:
        raise Http404
    form = FORMS[what](request.POST or None, authority=session.account.authority)
    if request.method == "POST" and form.is_valid():
        try:
            warned = form.tell(_person(session))
        except TieRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("C’est noté. Vos prochains formulaires vous le proposeront."))
            for each in warned:
                messages.warning(request, each)
            return redirect(HERE)
    context: dict[str, Any] = {"form": form, "title": form.title, "lead": form.lead}
    return show(request, "portal/space/tie_add.html", HERE, context, status=422 if form.errors else 200)


@require_POST
@person_required
def end(request: HttpRequest, session: PersonSession, tie: uuid.UUID) -> HttpResponseBase:
    try:
        line = mine.end(session.account.person_id, tie)
    except TieRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        given = line.tie.kind == "mandate" and not line.is_holder
        said = (
            _("Le mandat est arrêté : %(name)s. La suite des demandes faites en votre nom n’ira plus qu’à vous.")
            if given
            else _("C’est retiré : %(name)s.")
        )
        messages.success(request, said % {"name": name_of(line.known)})
    return redirect(HERE)


def _person(session: PersonSession) -> Person:
    with scope.of_person(session.account.person_id):
        return Person.objects.select_related("authority").get(pk=session.account.person_id)
