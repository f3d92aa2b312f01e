"""The answers a team writes once: list, writing, what one looks like filled."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from etoile.gru.access.models import Team
from etoile.gru.access.queries import teams_of
from etoile.gru.backoffice.guard import right_required
from etoile.gru.cases.errors import CaseError
from etoile.gru.desk import replies
from etoile.gru.desk.models import Reply


class ReplyForm(forms.Form):
    team = forms.ChoiceField(label=gettext_lazy("Service"))
    use = forms.ChoiceField(
        label=gettext_lazy("Pour écrire"),
        choices=Reply.Use.choices,
        widget=forms.RadioSelect,
        initial=Reply.Use.MESSAGE,
    )
    name = forms.CharField(
        label=gettext_lazy("Nom"),
        max_length=Reply.NAME,
        help_text=gettext_lazy("Ce que vous chercherez dans la liste, par exemple : Pièce illisible."),
        error_messages={"required": gettext_lazy("Donnez un nom à cette réponse, par exemple : Pièce illisible.")},
    )
    body = forms.CharField(
        label=gettext_lazy("Texte"),
        max_length=Reply.BODY,
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"required": gettext_lazy("Écrivez le texte de cette réponse.")},
    )

    def __init__(self, *args: Any, teams: list[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].choices = [(str(team.pk), team.name) for team in teams]  # type: ignore[attr-defined]


@right_required("cases.treat")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    teams = list(teams_of(request.user, "cases.treat"))
    return render(request, "backoffice/desk/replies.html", {"replies": replies.of_teams(teams)})


@right_required("cases.treat")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """A new one, or one that is there; « Voir » shows it filled and saves nothing."""
    teams = list(teams_of(request.user, "cases.treat").select_related("authority").order_by("name"))
    reply = _found(pk, teams)
    if request.method == "POST" and "remove" in request.POST and reply.pk:
        replies.remove(reply)
        messages.success(request, _("La réponse type est retirée. Ce qui a été envoyé ne change pas."))
        return redirect("backoffice:replies")
    written = {name: getattr(reply, name) for name in ("use", "name", "body") if reply.pk}
    form = ReplyForm(request.POST or None, initial={"team": reply.team_id, **written}, teams=teams)
    preview = ""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        reply.team = next(team for team in teams if str(team.pk) == given["team"])
        reply.use, reply.name, reply.body = given["use"], given["name"], given["body"]
        if "preview" in request.POST:
            preview = replies.example(reply, request.user)
        elif _saved(request, form, reply):
            messages.success(request, _("La réponse type est enregistrée."))
            return redirect("backoffice:replies")
    shown = {"form": form, "reply": reply, "preview": preview, "tags": replies.TAGS, "refused": form.errors}
    return render(request, "backoffice/desk/reply.html", shown, status=422 if form.errors else 200)


def _found(pk: int, teams: list[Team]) -> Reply:
    if not pk:
        return Reply()
    found = Reply.objects.filter(pk=pk, team__in=teams).select_related("team__authority").first()
    if found is None:
        raise Http404(_("Cette réponse type n’existe pas."))
    return found


def _saved(request: HttpRequest, form: ReplyForm, reply: Reply) -> bool:
    try:
        replies.save(reply, request.user)
    except CaseError as refusal:
        form.add_error("body", str(refusal))
        return False
    return True
