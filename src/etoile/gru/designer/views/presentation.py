"""What the portal says of the procedure before anyone begins."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from etoile.gru.designer import sheet
from etoile.gru.designer.desk import Desk, on_procedure
from etoile.gru.designer.presentation_form import PresentationForm


@on_procedure
@require_http_methods(["GET", "HEAD", "POST"])
def presentation(request: HttpRequest, desk: Desk) -> HttpResponse:
    form = PresentationForm(desk.version.source, *([request.POST] if request.method == "POST" else []))
    return sheet.shown(request, desk, form, "designer/presentation.html", _("La présentation est enregistrée."))
