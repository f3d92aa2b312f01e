"""Who is away and who stands in: said by the agent, or by whoever manages their team."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages as notes
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from etoile.design.forms import day
from etoile.design.moments import spelled
from etoile.gru.absences import queries, services
from etoile.gru.absences.models import Absence
from etoile.gru.absences.services import AbsenceRefused
from etoile.gru.access.models import Account
from etoile.gru.backoffice.guard import agent_required


class AbsenceForm(forms.Form):
    """`agent`, when one may say it for others; both lists are of active accounts."""

    agent = forms.ChoiceField(label=gettext_lazy("Qui s’absente"))
    first = day(
        gettext_lazy("Du"),
        required=gettext_lazy("Choisissez le premier jour, par exemple 15/01/2027."),
    )
    last = day(
        gettext_lazy("Au"),
        hint=gettext_lazy("Dernier jour d’absence, compris."),
        required=gettext_lazy("Choisissez le dernier jour, par exemple 29/01/2027."),
    )
    stand_in = forms.ChoiceField(
        label=gettext_lazy("Qui remplace"),
        error_messages={"required": gettext_lazy("Choisissez la personne qui remplace.")},
    )

    def __init__(self, *args: Any, me: Account, others: list[Account], able: list[Account], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(each.pk): each for each in (me, *others, *able)}
        self.fields["agent"].choices = [(str(each.pk), str(each)) for each in (me, *others)]
        choices = [(str(each.pk), str(each)) for each in able]
        self.fields["stand_in"].choices = [("", _("Choisissez une personne")), *choices]
        if not others:
            self.fields["agent"].widget = forms.HiddenInput()


@agent_required
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    """The absences that concern the agent, and the form of a new one. Four statements more than a page."""
    today = request.user.authority.today()
    people = {
        "me": request.user,
        "others": list(queries.managed_by(request.user)),
        "able": list(queries.able(request.user)),
    }
    form = AbsenceForm(request.POST or None, initial={"agent": str(request.user.pk)}, **people)
    if request.method == "POST" and form.is_valid() and _declared(request, form, today):
        return redirect("backoffice:absences")
    own = {request.user.pk, *(each.pk for each in people["others"])}
    rows = [(each, said(each, today), each.account_id in own) for each in queries.coming(request.user, today=today)]
    status = 422 if form.errors else 200
    shown = {"form": form, "rows": rows, "alone": len({each.pk for each in (request.user, *people["able"])}) < 2}
    return render(request, "backoffice/absences.html", shown, status=status)


@agent_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    today = request.user.authority.today()
    absence = next((each for each in queries.coming(request.user, today=today) if each.pk == pk), None)
    if absence is None:
        raise Http404
    try:
        services.withdraw(absence, by=request.user, today=today)
    except AbsenceRefused as refusal:
        raise PermissionDenied from refusal
    notes.success(request, _("L’absence est retirée. Chacun suit de nouveau ses demandes."))
    return redirect("backoffice:absences")


def said(absence: Absence, today: date) -> str:
    """« du 1er au 12 décembre », and whether it is now."""
    days = {"first": spelled(absence.first, "j F"), "last": spelled(absence.last, "j F Y")}
    if absence.first <= today:
        return _("absence jusqu’au %(last)s") % days
    return _("absence du %(first)s au %(last)s") % days


def of_case(assignee: Account | None) -> str:
    """What the page of a case says of who follows it; nothing when they are there. One statement, none without one."""
    absence = queries.of_today(assignee.pk) if assignee is not None else None
    if absence is None:
        return ""
    told = _("absence jusqu’au %(last)s, remplacement par %(agent)s")
    return told % {"last": spelled(absence.last, "j F"), "agent": absence.stand_in}


def _declared(request: HttpRequest, form: AbsenceForm, today: date) -> bool:
    given = form.cleaned_data
    account, stand_in = form.known[given["agent"]], form.known[given["stand_in"]]
    try:
        services.declare(
            account, by=request.user, stand_in=stand_in, first=given["first"], last=given["last"], today=today
        )
    except AbsenceRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    told = _("C’est noté. Ces jours-là, %(agent)s aura aussi ces demandes.")
    notes.success(request, told % {"agent": stand_in})
    return True
