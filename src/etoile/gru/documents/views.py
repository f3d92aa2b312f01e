import uuid

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from etoile.gru.documents.access import is_signed
from etoile.gru.documents.models import Document
from etoile.gru.documents.serving import response


@require_safe
def signed(request: HttpRequest, identifier: uuid.UUID) -> FileResponse:
    """For the hub. Not signed and unknown are one answer: the address tells nothing of what exists."""
    if not is_signed(request.get_full_path()):
        raise Http404("not signed")
    document = Document.objects.filter(pk=identifier).first()
    if document is None:
        raise Http404("unknown document")
    return response(document)


signed.guarded = "signature"  # type: ignore[attr-defined]
