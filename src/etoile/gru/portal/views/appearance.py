"""The logo that a town has just given: served here until the next start puts it among the static files."""

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from etoile.gru.access.themes import kept_file


@require_safe
def theme_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """Public, as the page that shows it. Its name is that of its content, so it never changes."""
    found = kept_file(name) if name.endswith(".png") else None
    if found is None:
        raise Http404(_("Cette image n’existe pas."))
    return FileResponse(
        found.open("rb"),
        content_type="image/png",
        headers={"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"},
    )
