"""The labels of the town: made, renamed, retired by whoever may."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from etoile.gru.backoffice.desk.forms import LabelForm
from etoile.gru.backoffice.guard import right_required
from etoile.gru.cases.errors import CaseError
from etoile.gru.desk import labels


@right_required("labels.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    form = LabelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = labels.create(request.user.authority, form.cleaned_data["name"])
        except CaseError as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("L’étiquette « %(name)s » est prête.") % {"name": made.name})
            return redirect("backoffice:labels")
    shown = {"form": form, "labels": labels.offered(request.user.authority_id), "refused": form.errors}
    return render(request, "backoffice/desk/labels.html", shown, status=422 if form.errors else 200)


@right_required("labels.edit")
@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename it, or retire it."""
    authority = request.user.authority
    try:
        if "retire" in request.POST:
            labels.retire(authority, pk)
            messages.success(request, _("L’étiquette est retirée. Les demandes qui l’ont la gardent."))
        else:
            labels.rename(authority, pk, request.POST.get("name", ""))
            messages.success(request, _("L’étiquette est renommée."))
    except CaseError as refusal:
        messages.error(request, str(refusal))
    return redirect("backoffice:labels")
