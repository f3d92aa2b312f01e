"""Files joined to a draft, and taken away."""

import uuid

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from etoile.gru.documents import services as document_services
from etoile.gru.documents.models import Document
from etoile.gru.documents.services import DocumentRefused
from etoile.gru.filling.opened import Filling, keep, locked
from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.fields.file import File


def attach(filling: Filling, each: Field, upload: UploadedFile) -> Document:
    """Add a file to a file field. Raises `documents.services.DocumentRefused`; nothing is kept then."""
    with transaction.atomic():
        draft = locked(filling.draft)
        kind = TYPES[each.type]
        if not isinstance(kind, File) or filling.definition.field(each.id) is None:
            raise DocumentRefused(_("Cette question n’attend pas de fichier."))
        held = Document.objects.filter(holder=draft.id, field=each.id).count()
        if held >= kind.max_count(each):
            raise DocumentRefused(
                ngettext(
                    "Vous avez déjà joint le seul fichier permis. Retirez-le d’abord.",
                    "Vous avez déjà joint %(count)d fichiers, le nombre permis. Retirez-en un d’abord.",
                    held,
                )
                % {"count": held}
            )
        document = document_services.store(
            draft.version.procedure.authority,
            draft.id,
            upload,
            field=each.id,
            accept=kind.accept(each),
            max_size=kind.max_size(each),
        )
    filling.documents.setdefault(each.id, []).append(document)
    return document


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
