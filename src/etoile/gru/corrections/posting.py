"""A posted page of a change of answers: what is right is kept even when something else is wrong."""

import uuid
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from etoile.gru.corrections import opening, services
from etoile.gru.corrections.revised import Revised
from etoile.gru.documents.services import DocumentRefused
from etoile.gru.filling import controls
from etoile.gru.forms.fields import TYPES

# Buttons that keep one on the page: what is missing is not told yet.
STAYING = frozenset({"keep", "attach", "add_row", "remove_row", "remove", "stay"})


@dataclass(frozen=True, slots=True)
class Posted:
    """`refused`: why files were not taken, by question. `revealed`: questions that the answers brought to light."""

    revised: Revised
    refused: dict[str, str]
    revealed: frozenset[str]
    staying: bool

    @property
    def errors(self) -> dict[str, str]:
        """What to say under the questions: nothing of one that was not there yet."""
        wrong = {} if self.staying else {each.field: each.message for each in self.revised.errors()}
        said = {name: words for name, words in wrong.items() if name.partition(".")[0] not in self.revealed}
        return {**said, **self.refused}


def posted(request: HttpRequest, revised: Revised) -> Posted:
    """Keep the files, then the answers; do what a button of the page asked. Raises `CaseError`."""
    page, shown = revised.page, revised.shown
    refused = _attach(request, revised)
    revised = services.keep(revised, controls.answers(request, page))
    if "remove" in request.POST:
        services.detach(revised, _identifier(request.POST["remove"]))
        revised = opening.opened(revised.case, revised.revision, revised.asked)
    gone = controls.address_of(page, request.POST.get("remove_row", ""))
    if gone is not None:
        revised = services.remove_row(revised, gone.block, gone.row)
    return Posted(revised, refused, revised.shown - shown, bool(STAYING.intersection(request.POST)))


def _attach(request: HttpRequest, revised: Revised) -> dict[str, str]:
    refused: dict[str, str] = {}
    for name in request.FILES:
        each = controls.question_of(revised.page, str(name))
        if each is None or not TYPES[each.type].holds_files:
            continue
        for upload in request.FILES.getlist(name):
            if isinstance(upload, UploadedFile):
                try:
                    services.attach(revised, each, upload, lighten=f"{name}.lighten" in request.POST)
                except DocumentRefused as error:
                    refused[each.id] = f"« {each.label} » : {error}"
    return refused


def _identifier(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)
