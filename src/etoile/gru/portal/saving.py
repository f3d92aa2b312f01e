"""What a posted page asks for, besides keeping its answers: a row less, a file."""

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from etoile.gru.documents.services import DocumentRefused
from etoile.gru.filling import files, services
from etoile.gru.filling.controls import Address, address_of, question_of
from etoile.gru.filling.opened import Filling
from etoile.gru.forms.definition import Page
from etoile.gru.forms.fields import TYPES


def removed_row(request: HttpRequest, filling: Filling, here: Page) -> Address | None:
    """Take away the row whose button was pressed."""
    asked = address_of(here, request.POST.get("remove_row", ""))
    if asked is not None:
        services.remove_row(filling, here, asked.block, asked.row)
    return asked


def attach(request: HttpRequest, filling: Filling, here: Page) -> dict[str, str]:
    """Keep the files that were sent; what is refused is said under its question."""
    refused: dict[str, str] = {}
    for name in request.FILES:
        each = question_of(here, str(name))
        for upload in request.FILES.getlist(name) if each is not None and TYPES[each.type].holds_files else ():
            if each is None or not isinstance(upload, UploadedFile):
                continue
            try:
                files.attach(filling, each, upload, lighten=f"{name}.lighten" in request.POST)
            except DocumentRefused as error:
                refused[each.id] = _("« %(label)s », fichier « %(name)s » : %(why)s") % {
                    "label": each.label,
                    "name": upload.name,
                    "why": error,
                }
    pressed = question_of(here, request.POST.get("attach", ""))
    if pressed is not None and TYPES[pressed.type].holds_files and not request.FILES:
        refused[pressed.id] = _("« %(label)s » : choisissez d’abord un fichier.") % {"label": pressed.label}
    return refused
