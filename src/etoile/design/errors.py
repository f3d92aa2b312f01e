"""What is shown when the program failed, or when a form came without its token. No domain here.

In the urls of a product: `handler500 = server_error`. In its settings: `CSRF_FAILURE_VIEW`, the path of `no_token`.
"""

import sys
from pathlib import Path
from typing import Final

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

# The database is away: it comes back by itself, within a minute or two.
RETRY_AFTER: Final = 60
# Read once, while all is well: it needs neither the templates nor the list of hashed files.
BARE: Final = (Path(__file__).parent / "templates" / "500_bare.html").read_text(encoding="utf-8")


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 with Retry-After when the database is away. Asks nothing of the database nor of the request."""
    away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    response = HttpResponse(_page(), status=503 if away else 500)
    response.headers["Cache-Control"] = "no-store"
    if away:
        response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def no_token(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form sent without its token, with the way back to the page it was on."""
    back = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return render(request, "403_csrf.html", {"back": back if ours else ""}, status=403)


def _page() -> str:
    try:
        return render_to_string("500.html")
    except Exception:
        # Whatever fails here, a person must read something.
        return BARE
