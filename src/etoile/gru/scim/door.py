"""Who may ask: the directory of the authority whose host is called, by its token."""

import hmac
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from etoile.gru.access.services import Refused
from etoile.gru.identity.directories import Directory
from etoile.gru.identity.journal import refuse
from etoile.gru.scim import shown
from etoile.gru.scim.asked import Unreadable

View = Callable[..., HttpResponse]


def asked_by_directory(*methods: str) -> Callable[[View], View]:
    """The view is given the request, then the directory. A wrong token is a line of the audit log."""

    def around(view: View) -> View:
        @csrf_exempt
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            authority = request.authority  # type: ignore[attr-defined]
            directory = settings.IDENTITY.directory_of(authority.siret) if authority is not None else None
            if directory is None or not directory.token:
                return shown.error(404, "No directory of this authority is known here.")
            if not _is_shown(request, directory):
                refuse(directory.platform, authority, "token")
                answer = shown.error(401, "The token is missing, or is another one.")
                answer["WWW-Authenticate"] = "Bearer"
                return answer
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            try:
                return view(request, directory, *args, **kwargs)
            except Unreadable as problem:
                return shown.error(400, problem.why, problem.kind)
            except RequestDataTooBig:
                return shown.error(413, "The body is too long.")
            except Refused as refused:
                return shown.error(409, " ".join(refused.problems), "uniqueness")

        guarded.guarded = True  # type: ignore[attr-defined]
        return guarded

    return around


def _is_shown(request: HttpRequest, directory: Directory) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(token.strip().encode(), directory.token.encode())
