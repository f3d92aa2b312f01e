"""The lists: pairs to examine, merges, pairs set apart, and the rules they come from."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from etoile.design.parts import Cell, Choice, Table
from etoile.gru.access.models import Account
from etoile.gru.backoffice.matching import ruled, shown
from etoile.gru.matching import consulting, reach
from etoile.gru.matching.keeping import rules_of
from etoile.gru.matching.models import Suspicion

MOST, READ = 50, 300
QUEUE, MERGES, APART, RULES = "", "fusions", "ecartes", "regles"


def listing(request: HttpRequest) -> HttpResponse:
    read = {MERGES: _merges, APART: _apart, RULES: _rules}
    here = request.GET.get("vue", QUEUE)
    here = here if here in read else QUEUE
    with reach.task(request.user):
        content = read.get(here, _queue)(request.user)
    tabs = [
        Choice(words, f"{reverse('backoffice:people-doubles')}{f'?vue={name}' if name else ''}", here=name == here)
        for name, words in (
            (QUEUE, _("À examiner")),
            (MERGES, _("Fusions")),
            (APART, _("Écartés")),
            (RULES, _("Règles")),
        )
    ]
    return render(request, "backoffice/matching/listing.html", {"tabs": tabs, "here": here, **content})


def _queue(account: Account) -> dict[str, Any]:
    waiting = reach.suspicions(account)
    # What a colleague says comes first, however few the points.
    read = [*waiting.exclude(flagged_by=None)[:MOST], *waiting.filter(flagged_by=None)[:READ]]
    found = _once_each(read)[:MOST]
    names = shown.names_of({each for pair in found for each in (pair.first_id, pair.second_id)})
    likely = rules_of(account.authority_id or 0).likely
    rows = [
        (
            Cell(
                _both(names, each.first_id, each.second_id), href=reverse("backoffice:people-compare", args=[each.pk])
            ),
            shown.degree(each.points, likely, by_hand=each.flagged_by_id is not None),
            shown.day(each.found_at),
            Cell(str(each.locked_by) if each.is_locked else "–"),
        )
        for each in found
    ]
    headings = (_("Les deux fiches"), _("Ressemblance"), _("Rapprochées le"), _("Comparées par"))
    empty = _("Aucun doublon à examiner. Les nouvelles fiches sont comparées toutes les cinq minutes.")
    return {"table": Table(_("Fiches qui se ressemblent"), headings, rows, empty), "more": len(read) > len(found)}


def _merges(account: Account) -> dict[str, Any]:
    found = list(consulting.merges(account)[:MOST])
    names = shown.names_of({each for pair in found for each in (pair.master_id, pair.merged_id)})
    rows = [
        (
            Cell(_both(names, each.master_id, each.merged_id), href=reverse("backoffice:people-merge", args=[each.pk])),
            shown.day(each.at),
            Cell(str(each.account)),
            Cell(_("annulée"), tone="neutral") if each.undone_at else Cell(_("en vigueur"), tone="success"),
        )
        for each in found
    ]
    headings = (_("Les deux fiches"), _("Fusionnées le"), _("Par"), _("État"))
    return {"table": Table(_("Fusions"), headings, rows, _("Aucune fusion."))}


def _apart(account: Account) -> dict[str, Any]:
    found = list(consulting.exclusions(account)[:MOST])
    names = shown.names_of({each for pair in found for each in (pair.first_id, pair.second_id)})
    return {"lines": [(each, _both(names, each.first_id, each.second_id)) for each in found], "apart": True}


def _rules(account: Account) -> dict[str, Any]:
    return {"rules": ruled.in_words(rules_of(account.authority_id or 0))}


def _once_each(pairs: list[Suspicion]) -> list[Suspicion]:
    """Somebody who asked nine times is thirty-six pairs and eight decisions: each record in its likeliest pair."""
    seen: set[uuid.UUID] = set()
    kept = []
    for each in pairs:
        if seen.isdisjoint((each.first_id, each.second_id)):
            seen |= {each.first_id, each.second_id}
            kept.append(each)
    return kept


def _both(names: dict[uuid.UUID, str], one: uuid.UUID, other: uuid.UUID) -> str:
    return _("%(one)s et %(other)s") % {"one": names[one], "other": names[other]}
