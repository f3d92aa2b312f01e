"""What the pages read of a request."""

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from etoile.gru.access.models import Authority


def authority_of(request: HttpRequest) -> Authority:
    """The authority this address belongs to, found once by the middleware; 404 where there is none."""
    authority = getattr(request, "authority", None)
    if authority is None:
        raise Http404(_("Aucune collectivité n’est servie à cette adresse."))
    return authority
