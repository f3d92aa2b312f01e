"""The audit log: who did or read what, when, on which case. Reading it is written in it too."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from etoile.design.forms import Plain, day
from etoile.design.moments import said
from etoile.design.parts import Cell, Pages, Table
from etoile.gru.access.models import Authority
from etoile.gru.access.rights import has_right
from etoile.gru.administration import log_words
from etoile.gru.administration.words import ACTIONS, GROUPS
from etoile.gru.audit import queries, services
from etoile.gru.audit.models import Entry
from etoile.gru.backoffice.guard import right_required
from etoile.gru.backoffice.reading import WORDS as CASE_WORDS
from etoile.gru.cases.queries import find
from etoile.gru.cases.references import is_well_formed, normalise

# What a line says at once; a creation says all that was written, and folds it.
MOST = 3


class Search(Plain):
    mots = forms.CharField(label=gettext_lazy("Agent, référence ou objet"), required=False, max_length=100)
    sorte = forms.ChoiceField(
        label=gettext_lazy("Ce qui s’est passé"), required=False, choices=[("", gettext_lazy("Tout")), *GROUPS.items()]
    )
    du = day(gettext_lazy("Du"))
    au = day(gettext_lazy("Au"))


@right_required("audit.read")
@require_safe
def journal(request: HttpRequest) -> HttpResponse:
    """Three statements besides those of the frame, one more when a reference is asked, two when a line
    names services or procedures."""
    authority: Authority = request.user.authority
    form = Search(request.GET)
    form.is_valid()
    asked = _asked(authority, form.cleaned_data)
    before, after = (_number(request.GET.get(name, "")) for name in ("avant", "apres"))
    page = queries.page(authority.pk, asked, zone=authority.timezone, before=before, after=after)
    if before is None and after is None:
        told = {name: str(value) for name, value in form.cleaned_data.items() if value}
        services.note("audit.read", authority=authority.pk, by=request.user, detail=told)
    opens = has_right(request.user, "cases.read")
    known = log_words.titles(authority, page.entries)
    table = Table(
        _("Journal d’audit"),
        [_("Quand"), _("Qui"), _("Sur quoi"), _("Quoi")],
        [_row(each, opens, known) for each in page.entries],
        empty=_("Aucune ligne ne répond à ces critères."),
    )
    pages = Pages(_address(request, "apres", page.newer), _address(request, "avant", page.older))
    shown = {"form": form, "table": table, "pages": pages, "narrowed": any(form.cleaned_data.values())}
    shown["title"] = _("Journal d’audit")
    return render(request, "administration/journal.html", shown, status=422 if form.errors else 200)


def _asked(authority: Authority, given: Mapping[str, Any]) -> queries.Asked:
    words, case_id = given.get("mots", ""), None
    if words and is_well_formed(words):
        # An index answers for a case; words are looked for one line after the other.
        case_id = find(authority.siret, reference=normalise(words))
    return queries.Asked(
        kind=given.get("sorte", ""),
        words="" if case_id else words,
        since=given.get("du"),
        until=given.get("au"),
        case_id=case_id,
    )


def _row(entry: Entry, opens: bool, known: log_words.Titles) -> list[Cell]:
    href = reverse("backoffice:case", args=[entry.case_id]) if entry.case_id and opens else ""
    told = log_words.precision(entry, known)
    many = ngettext("%(n)s information", "%(n)s informations", len(told)) % {"n": len(told)}
    return [
        Cell(said(entry.at), at=entry.at),
        Cell(entry.actor),
        Cell(log_words.subject(entry, known) or "–", href=href),
        Cell(words_of(entry.action), fold=many, folded=told)
        if len(told) > MOST
        else Cell(words_of(entry.action), note=" · ".join(told)),
    ]


def words_of(action: str) -> str:
    if action in ACTIONS:
        return str(ACTIONS[action])
    verb = action.removeprefix("case.")
    if verb in CASE_WORDS and verb != action:
        return str(CASE_WORDS[verb])
    group = next((words for start, words in GROUPS.items() if start.endswith(".") and action.startswith(start)), "")
    return str(group) or action


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _address(request: HttpRequest, name: str, line: int | None) -> str:
    if line is None:
        return ""
    query = request.GET.copy()
    for other in ("avant", "apres"):
        query.pop(other, None)
    query[name] = str(line)
    return f"{request.path}?{query.urlencode()}"
