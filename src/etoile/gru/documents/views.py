import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from etoile.gru.documents.access import is_signed
from etoile.gru.documents.models import Document
from etoile.gru.documents.scanning import NotOpenable
from etoile.gru.documents.serving import response


@require_safe
def signed(request: HttpRequest, identifier: uuid.UUID) -> HttpResponseBase:
    """For the hub. Not signed and unknown are one answer: the address tells nothing of what exists."""
    if not is_signed(request.get_full_path()):
        raise Http404("not signed")
    document = Document.objects.filter(pk=identifier).first()
    if document is None:
        raise Http404("unknown document")
    try:
        return response(document)
    except NotOpenable as refusal:
        if refusal.later:
            return HttpResponse(status=503, headers={"Retry-After": "300"})
        raise Http404("refused by the antivirus") from refusal


signed.guarded = "signature"  # type: ignore[attr-defined]
