"""Putting a version in service: what is missing, what changes, what it touches, and the button."""

from django import forms
from django.contrib import messages as notes
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from etoile.design.forms import Plain
from etoile.gru.access.rights import has_right
from etoile.gru.designer import changes
from etoile.gru.designer.checklist import Checklist, checked
from etoile.gru.designer.desk import Desk, on_procedure
from etoile.gru.forms import services
from etoile.gru.forms.services import Moved, NotPublishable


class PublishForm(Plain):
    why = forms.CharField(
        label=gettext_lazy("Pourquoi cette version ?"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("Gardé dans l’historique. Exemple : Tarifs votés le 12 janvier"),
    )
    unchecked = forms.BooleanField(
        label=gettext_lazy("Publier sans la vérification du hub"),
        required=False,
        help_text=gettext_lazy("Si un logiciel ne comprend pas cette version, ses demandes attendront au hub."),
    )

    def __init__(self, *args: object, silent: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if not silent:
            del self.fields["unchecked"]


@on_procedure
@require_http_methods(["GET", "HEAD", "POST"])
def publication(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The hub is asked at each showing, and once more just before the version goes into service."""
    may = has_right(request.user, "procedures.publish", desk.procedure.team)
    if request.method == "POST" and not (may and desk.is_draft):
        raise PermissionDenied
    found = checked(desk)
    given = [request.POST] if request.method == "POST" else []
    form = PublishForm(*given, silent=bool(found.hub.silent))
    if request.method == "POST" and form.is_valid() and _may_go(desk, found, form, request):
        notes.success(request, _("La démarche est en service. Ouvrez-la sur le portail pour la relire."))
        return redirect("designer:history", desk.slug)
    return render(request, "designer/publication.html", _shown(desk, found, form, may=may), status=_status(request))


def _may_go(desk: Desk, found: Checklist, form: PublishForm, request: HttpRequest) -> bool:
    """Published, or what keeps it from being so is on the form."""
    if not found.is_complete:
        form.add_error(None, _("Cette version n’est pas encore prête : complétez ce qui manque, puis publiez."))
    elif found.hub.silent and not form.cleaned_data.get("unchecked"):
        form.add_error("unchecked", _("Cochez cette case pour publier sans la vérification, ou réessayez plus tard."))
    else:
        why = form.cleaned_data["why"]
        if found.hub.silent:
            why = _("%(why)s (publiée sans la vérification du hub)") % {"why": why}
        try:
            revision = desk.edit(request).revision
            services.publish(desk.version, by=request.user, why=why.strip(), revision=revision)
        except (Moved, NotPublishable):
            form.add_error(None, _("Cette démarche a été modifiée pendant ce temps. Relisez la liste, puis publiez."))
    return not form.errors


def _shown(desk: Desk, found: Checklist, form: PublishForm, *, may: bool) -> dict[str, object]:
    current = desk.procedure.current
    compared = current is not None and current.pk != desk.version.pk
    return {
        "desk": desk,
        "found": found,
        "form": form,
        "refused": form if form.errors else None,
        "may_publish": may and desk.is_draft,
        "changes": changes.lines(found.impact.changes, current.definition, desk.definition) if compared else [],
        "is_first": current is None,
    }


def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200
