"""Persons who look like the same one: the queue, one pair side by side, what was decided and how it is undone."""

import uuid
from typing import Any

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from etoile.design.parts import Table
from etoile.gru.backoffice.guard import right_required
from etoile.gru.backoffice.matching import lists, shown
from etoile.gru.backoffice.matching.acting import done
from etoile.gru.backoffice.matching.forms import APART, ASK, LATER, Decision, Undoing
from etoile.gru.matching import asking, consulting, deciding, excluding, locking, merging, reach
from etoile.gru.matching.keeping import rules_of
from etoile.gru.matching.models import Move, Suspicion


@right_required(reach.RIGHT)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """What is to examine; else, by `vue`, what was merged or set apart, and the rules."""
    return lists.listing(request)


@right_required(reach.RIGHT)
@require_safe
def compare(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _compared(request, pk)


@right_required(reach.RIGHT)
@require_POST
def take(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    taken = done(request, lambda: locking.take(pk, request.user))
    return redirect("backoffice:people-compare", pk) if taken else redirect("backoffice:people-doubles")


@right_required(reach.RIGHT)
@require_POST
def decide(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The same person, two persons, asked of the person, or left to a colleague."""
    found = _found(request, pk)
    if LATER in request.POST:
        locking.release(pk, request.user)
        notes.success(request, _("Un collègue peut reprendre ces deux fiches."))
        return redirect("backoffice:people-doubles")
    if ASK in request.POST:
        words = _("La question est partie par courriel. La réponse sera lue ici.")
        done(request, lambda: asking.ask(pk, request.user), words)
        return redirect("backoffice:people-compare", pk)
    form = _decision(_comparison(request, found), request.POST)
    if not form.is_valid():
        return _compared(request, pk, form)
    given = form.cleaned_data
    if APART in request.POST:
        words = _("C’est noté : ce sont deux personnes. Elles ne seront plus rapprochées.")
        done(request, lambda: deciding.apart(pk, request.user, why=given["why"]), words)
        return redirect("backoffice:people-doubles")
    merged = done(
        request,
        lambda: deciding.same(pk, request.user, uuid.UUID(given["kept"]), why=given["why"], chosen=form.chosen),
        _("Les deux fiches n’en font plus qu’une. Cette fusion peut être annulée."),
    )
    return redirect("backoffice:people-merge", merged.pk) if merged else redirect("backoffice:people-doubles")


@right_required(reach.RIGHT)
@require_safe
def merge(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _merged(request, pk, Undoing())


@right_required(reach.RIGHT)
@require_POST
def unmerge(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    form = Undoing(request.POST)
    if not form.is_valid():
        return _merged(request, pk, form)
    given = form.cleaned_data
    done(
        request,
        lambda: merging.unmerge(pk, request.user, why=given["why"], apart=given["apart"]),
        _("La fusion est annulée : chaque fiche a retrouvé ses demandes."),
    )
    return redirect("backoffice:people-merge", pk)


@right_required(reach.RIGHT)
@require_POST
def include(request: HttpRequest, pk: int) -> HttpResponse:
    words = _("Ces deux fiches pourront de nouveau être rapprochées.")
    done(request, lambda: excluding.include(pk, request.user), words)
    return redirect(f"{reverse('backoffice:people-doubles')}?vue={lists.APART}")


def _found(request: HttpRequest, pk: uuid.UUID) -> Suspicion:
    with reach.task(request.user):
        found = reach.suspicions(request.user).select_related("first", "second").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _comparison(request: HttpRequest, found: Suspicion) -> shown.Comparison:
    with reach.task(request.user):
        return shown.comparison(rules_of(request.user.authority_id), found.first, found.second)


def _decision(seen: shown.Comparison, given: Any = None) -> Decision:
    persons = [(str(each.person.pk), each.words) for each in seen.sides]
    return Decision(given, persons=persons, even=seen.even, initial={"kept": shown.suggested(seen.sides)})


def _compared(request: HttpRequest, pk: uuid.UUID, form: Decision | None = None) -> HttpResponse:
    found = _found(request, pk)
    seen = _comparison(request, found)
    with reach.task(request.user):
        asked = shown.asked(asking.of_pair(found.first_id, found.second_id))
    consulting.note_reading(request.user, found.first_id, found.second_id)
    form = form or _decision(seen)
    mine = found.is_locked and found.locked_by_id == request.user.pk
    context = {
        "found": found,
        "seen": seen,
        "degree": seen.degree,
        "form": form,
        "mine": mine,
        "asked": asked,
        "other": found.locked_by if found.is_locked and not mine else None,
    }
    return render(request, "backoffice/matching/compare.html", context, status=422 if form.errors else 200)


def _merged(request: HttpRequest, pk: uuid.UUID, form: Undoing) -> HttpResponse:
    with reach.task(request.user):
        found = consulting.merges(request.user).filter(pk=pk).first()
        if found is None:
            raise Http404
        names = shown.names_of([found.master_id, found.merged_id])
        moves = list(found.moves.order_by("pk"))
        cases = consulting.cases_of(moves)
    rows = [shown.taken(each.before, each.after, each.row) for each in moves if each.holder == Move.VALUE]
    headings = (_("Information"), _("Avant"), _("Reprise de l’autre fiche"))
    context = {
        "found": found,
        "names": (names[found.master_id], names[found.merged_id]),
        "table": Table(
            _("Informations reprises, plus sûres"),
            headings,
            rows,
            _("La fiche gardée n’a rien repris de l’autre : elle savait déjà tout."),
        ),
        "cases": cases,
        "form": form,
    }
    return render(request, "backoffice/matching/merge.html", context, status=422 if form.errors else 200)
