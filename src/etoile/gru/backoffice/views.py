"""The page of a case: what it shows, the forms it holds, how one of them becomes an act. Rights: `cases.queries`."""

import uuid
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django import forms as django_forms
from django.contrib import messages as notes
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from etoile.design import passwords
from etoile.gru.access import services as accounts
from etoile.gru.access.models import Account, Team
from etoile.gru.access.rights import Right
from etoile.gru.audit import services as audit
from etoile.gru.backoffice import (
    absence_views,
    aftermath,
    coming,
    copying,
    exchanges,
    fee_panel,
    forms,
    identification,
    left_aside,
    listing,
    printing,
    reading,
    returned,
    revising,
)
from etoile.gru.backoffice import next_step as steps
from etoile.gru.backoffice.archives import panels as archived
from etoile.gru.backoffice.desk import panels, taking
from etoile.gru.backoffice.desk.forms import LabelsForm, NoteForm, RelateForm
from etoile.gru.backoffice.desk.taking import WithReplies
from etoile.gru.backoffice.fee_forms import AskPayment
from etoile.gru.backoffice.guard import agent_required
from etoile.gru.cases import papers, queries, services
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.models import Case, Message
from etoile.gru.cases.states import DECISION_VERBS
from etoile.gru.cases.views_of_agent import AgentCase
from etoile.gru.cases.workflow.rules import workflow_of
from etoile.gru.desk import labels, replies
from etoile.gru.desk.models import Reply
from etoile.gru.documents import antivirus, serving
from etoile.gru.documents.scanning import NotOpenable
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.workflow.shapes import Move
from etoile.gru.notices.models import State as Sending
from etoile.gru.opinions import queries as opinions

# The forms of the page, each by the name its template knows it under.
FORMS: dict[type[django_forms.Form], str] = {
    forms.AskDocuments: "ask_form",
    forms.Write: "write_form",
    forms.Step: "step_form",
    forms.Decide: "decide_form",
    forms.Reopen: "reopen_form",
    forms.HandOver: "hand_over_form",
    NoteForm: "note_form",
    RelateForm: "relate_form",
    AskPayment: "pay_form",
}
# The act each form belongs to, by the prefix of its fields.
PREFIXES = {
    forms.Decide.prefix: steps.DECIDE,
    forms.AskDocuments.prefix: steps.ASK,
    forms.HandOver.prefix: steps.HAND_OVER,
    AskPayment.prefix: steps.PAY,
    forms.Reopen.prefix: steps.REOPEN,
}


def case_of(request: HttpRequest, pk: uuid.UUID, right: Right | None = None) -> AgentCase:
    """The one door of these pages to a case: whoever comes through it is in the audit log. A 404 for what is not
    theirs to see, a 403 for who sees it without `right`: one may read a case and not act on it."""
    view = queries.agent_case(request.user, pk)
    if view is None:
        raise Http404
    found = view.case
    audit.note_reading(by=request.user, authority=found.authority_id, subject=found.reference, case_id=found.pk)
    if right is not None and right not in view.rights:
        raise PermissionDenied
    return view


@agent_required
@require_safe
def case(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    view = case_of(request, pk)
    services.read_messages(view.case, by=Message.Author.AGENT)
    asked = request.GET.get("faire", "")
    return show(request, view, opened=asked if asked in steps.ACTS or steps.asked_step(view, asked) else "")


def show(
    request: HttpRequest,
    view: AgentCase,
    refused: django_forms.Form | None = None,
    *,
    opened: str = "",
    ready: django_forms.Form | None = None,
) -> HttpResponse:
    """The page of a case; `refused` is the form that could not be accepted, shown with what was typed, `ready` one that
    was begun for the agent. `opened` names the act whose form is shown."""
    beside = panels.beside(view, request.user)
    own = refused if refused is not None else ready
    given = {
        name: own if isinstance(own, kind) else form_of(view, kind, offered=beside.replies)
        for kind, name in FORMS.items()
    }
    if refused is not None:
        renew(refused, view)
        opened = opened or PREFIXES.get(str(refused.prefix), "")
    deadline = listing.deadline(view.case, timezone.localdate())
    context = {
        "view": view,
        "case": view.case,
        "place": coming.place_of(request, view.case.pk),
        "page_address": reverse("backoffice:case", args=[view.case.pk]),
        "state": reading.state_cell(view.case),
        "away": absence_views.of_case(view.case.assignee) if view.case.is_open else "",
        "deadline": deadline,
        "step": steps.next_step(view, deadline, opened),
        "opened": opened,
        **identification.who_asks(view),
        "answers": reading.answers(view),
        "aside": left_aside.rows(view),
        "exchanges": exchanges.exchanges(view),
        "history": reading.history(view),
        **given,
        "step_decides": bool(decisions(view)),
        "asked_step": steps.asked_step(view, opened),
        **fee_panel.panel(view, refused),
        **aftermath.panel(view),
        "beside": beside,
        **archived.kept(view),
        "labels_form": refused if isinstance(refused, LabelsForm) else LabelsForm(offered=beside.labels),
        "clock": reading.clock(view),
        "refused": refused,
        **returned.panel(view, refused),
        "notified": reading.notified(view),
        "mail_failed": any(notice.state == Sending.FAILED for notice in view.notices),
        "verbs": view.verbs,
        "opinions": opinions.of_case(view.case) if view.has("opinion_asked") else (),
        "give_fields": revising.give_fields(view),
        "revisions": revising.revisions(view),
        "unscanned": not antivirus.is_configured(),
    }
    return render(request, "backoffice/case.html", context, status=422 if refused is not None else 200)


def renew(form: django_forms.Form, view: AgentCase) -> None:
    """The page shows the case as it now is: acting again is then an act on that, without typing it all once more."""
    if "version" in form.fields:
        form.data = {**form.data.dict(), form.add_prefix("version"): view.version}


def act(
    right: Right,
    kind: type[django_forms.Form],
    done: Any,
    doing: Callable[[HttpRequest, AgentCase, dict[str, Any], Any], object],
    *,
    part: str = "",
) -> Callable[..., HttpResponse]:
    """A view that checks one form, does one verb, and says so; a refusal shows the page again with its sentence.

    `right` is asked on the case itself. `part` of the page is where one comes back to. `done` is what is said then,
    unless `doing` gives words of its own."""

    @agent_required
    @require_POST
    def view(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        seen = case_of(request, pk, right)
        form = form_of(seen, kind, request.POST)
        if isinstance(form, WithReplies) and taking.BUTTON in request.POST:
            return show(request, seen, ready=begun(seen, form, request.user), opened=PREFIXES.get(str(form.prefix), ""))
        if form.is_valid():
            try:
                said = doing(request, seen, form.cleaned_data, form)
            except CaseError as refusal:
                form.add_error(None, str(refusal))
            else:
                notes.success(request, said if isinstance(said, str) else done)
                return redirect(here(pk, part))
        return show(request, seen, form)

    return view


def here(pk: uuid.UUID, part: str = "") -> str:
    """The page of a case, at one of its parts."""
    return reverse("backoffice:case", args=[pk]) + (f"#{part}" if part else "")


def begun(view: AgentCase, form: WithReplies, account: Account) -> django_forms.Form:
    """The same form, not sent, with the answer that the agent chose."""
    more: dict[str, Any] = {"moves": decisions(view)} if isinstance(form, forms.Decide) else {}
    return type(form)(initial=form.taken(view.case, account), offered=form.offered, **more)


def form_of(
    view: AgentCase,
    kind: type[django_forms.Form],
    posted: QueryDict | None = None,
    *,
    offered: list[Reply] | None = None,
) -> django_forms.Form:
    """A form about this case, blank or as it was sent; `offered` are the answers written once, when they were read."""
    more: dict[str, Any] = {}
    if issubclass(kind, WithReplies):
        more["offered"] = replies.of_team(view.case.team_id) if offered is None else offered
    if kind is LabelsForm:
        more["offered"] = labels.on_case(view.case)
    if kind is forms.HandOver:
        more["teams"] = partial(_other_teams, view.case)
        if posted is None and (found := aftermath.proposed(view)):
            return kind(initial={"version": view.version, "to": found["slug"]}, **more)
    if kind is AskPayment and posted is None:
        first = _price(view)
        # A comma as it is written here: the form reads it back.
        return kind(initial={"version": view.version, "amount": TYPES["amount"].typed(first) if first else ""})
    if kind is forms.AskDocuments and posted is None:
        return kind(initial={"version": view.version, **forms.AskDocuments.begun(aftermath.missing(view))})
    if kind is forms.Decide:
        # As sent, all of them: one that is no longer possible is refused in the words of the trade.
        more["moves"] = decisions(view) if posted is None else _decisions(workflow_of(view.case).moves)
    return kind(posted, initial={"version": view.version}, **more)


def _price(view: AgentCase) -> int:
    """What the answers cost, in cents, as last worked out; a request that changed procedure leaves its price there."""
    for row in reversed(view.history):
        if row.verb in {"submit", "requalify"} or (row.verb in {"correct", "edit"} and "price" in row.detail):
            return int(row.detail.get("price") or 0)
    return 0


def decisions(view: AgentCase) -> list[Move]:
    return _decisions(view.moves)


def _decisions(moves: Iterable[Move]) -> list[Move]:
    return [each for each in moves if each.verb in DECISION_VERBS.values()]


def _other_teams(case: Case) -> list[tuple[str, str]]:
    """The teams of the authority a case may go to: slug and name."""
    others = Team.objects.filter(authority=case.authority_id).exclude(pk=case.team_id)
    return list(others.order_by("name").values_list("slug", "name"))


@agent_required
@require_safe
def document(request: HttpRequest, pk: uuid.UUID, document_id: uuid.UUID) -> HttpResponseBase:
    """A document of a case the agent may see; never shown inline."""
    view = case_of(request, pk)
    found = next((each for each in view.documents if each.pk == document_id), None)
    if found is None:
        raise Http404(_("Ce document n’existe pas."))
    try:
        return copying.given(found, view.case, request.user)
    except NotOpenable as refusal:
        notes.error(request, f"{found.name} : {refusal}")
        return redirect("backoffice:case", pk)


@agent_required
@require_safe
def paper(request: HttpRequest, pk: uuid.UUID, kind: str) -> HttpResponse:
    """A letter of the case as the person has it, the request itself, or the whole file, in PDF."""
    view = case_of(request, pk)
    own = {printing.REQUEST: printing.request_paper, printing.FILE: printing.file_paper}
    printed = own[kind](view) if kind in own else papers.paper(view.case, kind)
    if printed is None:
        raise Http404(_("Cette lettre n’existe pas."))
    return serving.produced(printed.name, printed.content)


@agent_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_password(request: HttpRequest) -> HttpResponse:
    return passwords.change(
        request, layout="backoffice/layout.html", back=reverse("backoffice:inbox"), save=accounts.set_password
    )
