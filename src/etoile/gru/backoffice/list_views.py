"""The agent's list of cases: what waits for them first, then what they ask. Reads: `cases.lists`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from etoile.design.parts import Choice, Pages
from etoile.gru.backoffice import asked_list, coming, listing, procedure_choice
from etoile.gru.backoffice.asked_list import TABS
from etoile.gru.backoffice.batch_form import ExportForm
from etoile.gru.backoffice.guard import agent_required
from etoile.gru.backoffice.list_form import COLUMNS, KeepForm
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.lists import groups, pages, saving
from etoile.gru.cases.lists.groups import Group
from etoile.gru.cases.lists.pages import Sort
from etoile.gru.cases.lists.scope import Scope
from etoile.gru.desk import watching

PAGE = 50
MOST = 100
# Someone is late, or something is broken: a figure above zero is told apart.
PRESSING = {Group.PRESSING, Group.HANDOFFS, Group.RETURNED}
# Shown when there are some: a figure that is nearly always nought only takes room.
RARE = {Group.RETURNED, Group.HANDOFFS}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One group of what waits: its figure, its words, where its list is."""

    figure: str
    words: str
    href: str
    tone: str
    here: bool


@agent_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    list_of = asked_list.read(request.user, request.GET)
    tab, label, form, scope = list_of.tab, list_of.label, list_of.form, list_of.scope
    zone = request.user.authority.zone
    today = datetime.now(zone).date()
    group, criteria, sort = list_of.selection.group, list_of.selection.criteria, list_of.selection.sort
    found = criteria.narrow(groups.cases_of(group, scope, today), me=scope.followers, zone=zone)
    after = pages.read(request.GET.get("apres", ""), sort)
    cases = list(listing.needed(pages.page(found, after=after, limit=PAGE + 1, sort=sort)))
    asked = request.GET.copy()
    asked.pop("apres", None)
    turned = _pages(asked, cases, sort, is_first=after is None)
    coming.remember(request, cases[:PAGE], turned.next_href)
    one, several = procedure_choice.fields(form, scope)
    # What stands in front of « Plus de critères » does not open it.
    in_front = criteria.procedures if len(criteria.procedures) == 1 else ()
    context = {
        "form": form,
        "procedure": one,
        "procedures": several,
        "tab": tab,
        "tabs": [_choice(key, tab) for key in TABS if TABS[key][0] not in groups.WAITING],
        "waiting": _waiting(tab, scope, today),
        "label": label,
        "rows": listing.rows(cases[:PAGE]),
        "columns": {key: COLUMNS[key] for key in form.columns},
        "found": listing.found(len(cases[:PAGE]), more=len(cases) > PAGE or after is not None),
        "searched": criteria.words,
        "narrowed": criteria != type(criteria)(),
        "detailed": criteria != type(criteria)(words=criteria.words, procedures=in_front) or bool(form.errors),
        "pages": turned,
        "kept": saving.kept_by(request.user),
        "keep_form": KeepForm(),
        "query": asked.urlencode(),
        "replacing": len(scope.replaced),
        "export_form": ExportForm(),
    }
    return render(request, "backoffice/inbox.html", context)


@agent_required
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep a list under a name: it is the agent's own; its address is what one gives to a colleague."""
    query = request.POST.get("query", "")
    try:
        kept = saving.keep(request.user, request.POST.get("name", ""), query)
    except CaseError as refusal:
        notes.error(request, str(refusal))
        return redirect(f"{reverse('backoffice:inbox')}?{query[: saving.LONGEST]}")
    notes.success(request, _("La liste « %(name)s » est gardée.") % {"name": kept.name})
    return redirect(f"{reverse('backoffice:inbox')}?{kept.query}")


@agent_required
@require_POST
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    saving.forget(request.user, pk)
    notes.success(request, _("La liste est retirée. Les demandes n’ont pas changé."))
    return redirect("backoffice:inbox")


def _choice(key: str, tab: str) -> Choice:
    return Choice(str(TABS[key][1]), f"?onglet={key}", here=key == tab)


def _waiting(tab: str, scope: Scope, today: Any) -> list[Waiting]:
    counted = groups.counts(groups.WAITING, scope, today, most=MOST)
    return [
        *(
            Waiting(
                figure=_figure(counted[group]),
                words=str(words),
                href=f"?onglet={key}" + ("&tri=echeance" if group is Group.PRESSING else ""),
                tone="warning" if group in PRESSING and counted[group] else "",
                here=key == tab,
            )
            for key, (group, words) in TABS.items()
            if group in counted and (counted[group] or group not in RARE or key == tab)
        ),
        Waiting(
            figure=_figure(watching.moved_count(scope, most=MOST)),
            words=_("gardées à l’œil, qui ont bougé"),
            href=reverse("backoffice:news"),
            tone="",
            here=False,
        ),
    ]


def _figure(number: int) -> str:
    return f"{MOST - 1}+" if number == MOST else str(number)


def _pages(asked: Any, cases: list[Any], sort: Sort, *, is_first: bool) -> Pages:
    following = ""
    if len(cases) > PAGE:
        further = asked.copy()
        further["apres"] = pages.written(pages.position_of(cases[PAGE - 1], sort))
        following = f"?{further.urlencode()}"
    return Pages(previous_href="" if is_first else f"?{asked.urlencode()}", next_href=following)
