"""The life of a procedure: who did what and why, its versions, its file; closing, reopening, archiving it."""

from typing import Any

from django import forms
from django.contrib import messages as notes
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from etoile.design.forms import Plain
from etoile.design.parts import TimelineEntry
from etoile.gru.access.rights import has_right
from etoile.gru.designer import changes
from etoile.gru.designer.desk import Desk, on_procedure
from etoile.gru.forms import services
from etoile.gru.forms.comparison import differences
from etoile.gru.forms.editing import history as past
from etoile.gru.forms.models import Procedure, ProcedureState, ProcedureVersion
from etoile.gru.forms.services import ProcedureRefused

TONES = {"published": "success", "closed": "warning", "archived": "neutral", "reopened": "success"}


@on_procedure
@require_safe
def history(request: HttpRequest, desk: Desk) -> HttpResponse:
    versions = list(desk.procedure.versions.select_related("published_by").order_by("-number"))
    shown = {
        "desk": desk,
        "versions": versions,
        "entries": [_entry(each) for each in desk.procedure.changes.select_related("by").order_by("-pk")[:100]],
        "may_publish": has_right(request.user, "procedures.publish", desk.procedure.team),
        "state": desk.procedure.get_state_display(),
    }
    return render(request, "designer/history.html", shown)


@on_procedure
@require_safe
def comparison(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """What a version changed, beside the one before it."""
    around = list(desk.procedure.versions.filter(number__lte=number).order_by("-number")[:2])
    if not around or around[0].number != number:
        raise Http404(_("Cette version n’existe pas."))
    version, before = around[0], around[1] if len(around) > 1 else None
    shown = {"desk": desk, "version": version, "before": before, "changes": _changes(before, version)}
    return render(request, "designer/comparison.html", shown)


def _changes(before: ProcedureVersion | None, version: ProcedureVersion) -> list[changes.Line]:
    if before is None:
        return []
    return changes.lines(differences(before.source, version.source), before.definition, version.definition)


def _entry(change: Any) -> TimelineEntry:
    said = past.entry(change)
    return TimelineEntry(
        title=said.words,
        at=said.at,
        detail=said.why,
        tone=TONES.get(change.verb, "info"),
        author=said.who,
        facts=[_("version %(number)d") % {"number": said.version}],
    )


class CloseForm(Plain):
    reason = forms.CharField(
        label=gettext_lazy("Pourquoi la démarche est-elle fermée ?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text=gettext_lazy("Les personnes qui ont gardé son adresse le liront. Exemple : La brocante est passée."),
        error_messages={"required": gettext_lazy("Écrivez pourquoi : qui a gardé son adresse le lira.")},
    )
    replacement = forms.ChoiceField(
        label=gettext_lazy("Démarche qui la remplace"),
        required=False,
        help_text=gettext_lazy("Un lien y mène depuis la page fermée."),
    )

    def __init__(self, procedure: Procedure, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Procedure.objects.filter(authority=procedure.authority, state=ProcedureState.PUBLISHED)
        found = others.exclude(pk=procedure.pk).select_related("current").order_by("slug")
        self.others = {str(each.pk): each for each in found}
        named = [(key, str(each.current.name)) for key, each in self.others.items() if each.current]
        self.fields["replacement"].choices = [("", _("Aucune")), *named]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Procedure | None:
        return self.others.get(self.cleaned_data["replacement"])


class ReasonForm(Plain):
    why = forms.CharField(
        label=gettext_lazy("Pourquoi ?"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("Gardé dans l’historique."),
    )


@on_procedure
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, desk: Desk) -> HttpResponse:
    form = CloseForm(desk.procedure, *([request.POST] if request.method == "POST" else []))

    def done() -> str:
        reason = form.cleaned_data["reason"]
        services.close(desk.procedure, reason=reason, replacement=form.chosen, by=request.user)
        return _("La démarche est fermée. Les demandes en cours continuent.")

    return _decided(request, desk, form, "designer/close.html", done)


@on_procedure
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: HttpRequest, desk: Desk) -> HttpResponse:
    form = ReasonForm(*([request.POST] if request.method == "POST" else []))

    def done() -> str:
        services.reopen(desk.procedure, by=request.user, why=form.cleaned_data["why"])
        return _("La démarche est rouverte : elle reçoit de nouveau des demandes.")

    return _decided(request, desk, form, "designer/reopen.html", done)


@on_procedure
@require_http_methods(["GET", "HEAD", "POST"])
def archive(request: HttpRequest, desk: Desk) -> HttpResponse:
    form = ReasonForm(*([request.POST] if request.method == "POST" else []))

    def done() -> str:
        services.archive(desk.procedure, by=request.user, why=form.cleaned_data["why"])
        return _("La démarche est archivée. Son historique et ses demandes restent.")

    return _decided(request, desk, form, "designer/archive.html", done)


def _decided(request: HttpRequest, desk: Desk, form: forms.Form, template: str, done: Any) -> HttpResponse:
    """For whoever may publish; what the verb refuses is said on the form."""
    if not has_right(request.user, "procedures.publish", desk.procedure.team):
        raise PermissionDenied
    if request.method == "POST" and form.is_valid():
        try:
            said = done()
        except ProcedureRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            notes.success(request, said)
            return redirect("designer:history", desk.slug)
    shown = {"desk": desk, "form": form, "refused": form if form.errors else None}
    return render(request, template, shown, status=422 if form.errors else 200)
