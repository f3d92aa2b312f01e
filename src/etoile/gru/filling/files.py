"""Files joined to a draft, and taken away."""

import uuid

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from etoile.gru.documents import services as document_services
from etoile.gru.documents.kinds import JOINED, JOINED_SIZE
from etoile.gru.documents.models import Document
from etoile.gru.documents.services import DocumentRefused
from etoile.gru.filling.models import Draft
from etoile.gru.filling.opened import Filling, keep, locked
from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.fields.file import File

# What a request entered by an agent came with: a letter, a message. It answers no question and is sent with the rest.
ORIGINAL = "original"
ORIGINAL_MOST = 5


def attach(filling: Filling, each: Field, upload: UploadedFile, *, lighten: bool = False) -> Document:
    """Add a file to a file field; `lighten` when the person asks for a photo to be made smaller.

    Raises `documents.services.DocumentRefused`; nothing is kept then. The draft is locked once the file is proven and
    scanned: another tab does not wait for the antivirus.
    """
    kind = TYPES[each.type]
    if not isinstance(kind, File) or filling.definition.field(each.id) is None:
        raise DocumentRefused(_("Cette question n’attend pas de fichier."))
    given = document_services.received(upload, accept=kind.accept(each), max_size=kind.max_size(each), lighten=lighten)
    with given as file, transaction.atomic():
        draft = locked(filling.draft)
        _leave_room(draft.id, each.id, kind.max_count(each))
        document = document_services.keep(file, draft.version.procedure.authority, draft.id, field=each.id)
    filling.documents.setdefault(each.id, []).append(document)
    return document


def attach_original(draft: Draft, upload: UploadedFile) -> Document:
    """Keep a scan of the letter that a request is entered from. Raises `documents.services.DocumentRefused`."""
    given = document_services.received(upload, accept=JOINED, max_size=JOINED_SIZE)
    with given as file, transaction.atomic():
        fresh = locked(draft)
        _leave_room(fresh.id, ORIGINAL, ORIGINAL_MOST)
        return document_services.keep(file, fresh.version.procedure.authority, fresh.id, field=ORIGINAL)


def _leave_room(draft: uuid.UUID, name: str, most: int) -> None:
    held = Document.objects.filter(holder=draft, field=name).count()
    if held >= most:
        words = ngettext(
            "Vous avez déjà joint le seul fichier permis. Retirez-le d’abord.",
            "Vous avez déjà joint %(count)d fichiers, le nombre permis. Retirez-en un d’abord.",
            held,
        )
        raise DocumentRefused(words % {"count": held})


def remove_document(filling: Filling, identifier: uuid.UUID) -> bool:
    """Take a file of this draft away; False when it holds none of this identifier."""
    with transaction.atomic():
        draft = locked(filling.draft)
        document = Document.objects.filter(pk=identifier, holder=draft.id).first()
        if document is None:
            return False
        page = filling.definition.page_of(document.field)
        if page is not None and page.id in draft.completed:
            keep(draft, None, [name for name in draft.completed if name != page.id])
        document_services.remove(document)
    filling.draft = draft
    filling.documents[document.field] = [
        each for each in filling.documents.get(document.field, []) if each.pk != identifier
    ]
    return True
