"""Refusals of the API, as `application/problem+json` (RFC 9457): plain words, pointers, never a trace."""

from collections.abc import Mapping, Sequence
from functools import wraps
from typing import Any

import structlog
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, AuthorizationError, HttpError, Throttled, ValidationError

from etoile.gru.api.kinds import KINDS, URN

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
# Where a request carries the headers that its answer will have, whatever that is.
ANNOUNCED = "announced_headers"


class Refusal(Exception):
    """Raised anywhere below a view. `errors` are (JSON Pointer into the body, detail)."""

    def __init__(
        self,
        status: int,
        kind: str,
        title: str,
        detail: str = "",
        errors: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        if kind not in KINDS:
            raise ValueError(f"“{kind}” has no sentence in kinds.py")
        super().__init__(title)
        self.status, self.kind, self.title, self.detail, self.errors = status, kind, title, detail, tuple(errors)
        self.headers = dict(headers or {})


def answer(refusal: Refusal) -> JsonResponse:
    body: dict[str, Any] = {
        "type": f"{URN}{refusal.kind}",
        "title": refusal.title,
        "status": refusal.status,
    }
    if refusal.detail:
        body["detail"] = refusal.detail
    if refusal.errors:
        body["errors"] = [{"pointer": f"#{pointer}", "detail": detail} for pointer, detail in refusal.errors]
    response = JsonResponse(body, status=refusal.status, content_type=MEDIA_TYPE)
    if refusal.status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="etoile"'
    for name, value in refusal.headers.items():
        response[name] = value
    return response


NOT_FOUND = Refusal(404, "not-found", "Il n'y a rien à cette adresse")
NO_TOKEN = Refusal(
    401, "unauthorized", "Un jeton valide est nécessaire", "Demandez-en un à /api/oauth/token (client_credentials)."
)


def register(api: NinjaAPI) -> None:
    """Every exception that a view may let out, in the one form."""
    api.add_exception_handler(Refusal, lambda _request, refusal: answer(refusal))
    api.add_exception_handler(ValidationError, lambda _request, error: answer(_invalid(error)))
    api.add_exception_handler(AuthenticationError, lambda _request, _error: answer(NO_TOKEN))
    api.add_exception_handler(Http404, lambda _request, _error: answer(NOT_FOUND))
    api.add_exception_handler(
        AuthorizationError, lambda _request, _error: answer(Refusal(403, "forbidden", "Ce droit vous manque"))
    )
    api.add_exception_handler(
        Throttled, lambda _request, _error: answer(Refusal(429, "too-many-requests", "Trop de requêtes"))
    )
    api.add_exception_handler(
        RequestDataTooBig,
        lambda _request, _error: answer(Refusal(413, "too-large", "Le corps de la requête est trop volumineux")),
    )
    unread = Refusal(400, "malformed", "Le corps de la requête ne se lit pas")
    for kind in (MultiPartParserError, SuspiciousOperation, UnreadablePostError):
        api.add_exception_handler(kind, lambda _request, _error: answer(unread))
    # A nest so deep that the very refusal of it could not be written.
    api.add_exception_handler(
        RecursionError,
        lambda _request, _error: answer(Refusal(422, "invalid-data", "La requête a trop de niveaux")),
    )
    api.add_exception_handler(HttpError, lambda _request, error: answer(_http(error)))
    api.add_exception_handler(Exception, _unexpected)


def in_one_form(view: Any) -> Any:
    """Django's own refusals (405) in the same form as ours."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not storable(request.path):
            return answer(NOT_FOUND)
        if not storable(dict(request.GET.lists())):
            return answer(Refusal(422, "invalid-data", "L'adresse contient des caractères qui ne se lisent pas"))
        response: HttpResponse = view(request, *args, **kwargs)
        for name, value in getattr(request, ANNOUNCED, {}).items():
            response[name] = value
        if response.status_code == 405:
            refused = answer(Refusal(405, "method-not-allowed", "Cette méthode n'est pas possible ici"))
            if "Allow" in response:
                refused["Allow"] = response["Allow"]
            return refused
        return response

    wrapped.csrf_exempt = True  # type: ignore[attr-defined]
    return wrapped


# Deeper than any answer: what reads answers goes down into them.
DEEPEST = 32


def storable(value: Any, depth: int = 0) -> bool:
    """True when it can be kept: no NUL (the database) nor half of a character (UTF-8) in a text, no bottomless nest."""
    if isinstance(value, str):
        return "\x00" not in value and not any("\ud800" <= each <= "\udfff" for each in value)
    if depth > DEEPEST:
        return False
    if isinstance(value, dict):
        return all(storable(key) and storable(each, depth + 1) for key, each in value.items())
    return all(storable(each, depth + 1) for each in value) if isinstance(value, list | tuple) else True


def _invalid(error: ValidationError) -> Refusal:
    found = []
    for each in error.errors:
        source, *place = each.get("loc") or ("body",)
        # A body, and criteria read together, go by the name of their parameter first, which nobody sent.
        place = place[1:] if place and place[0] in {"payload", "asked"} and source in {"body", "query"} else place
        found.append(("".join(f"/{part}" for part in place), str(each.get("msg", ""))))
    return Refusal(422, "invalid-data", "La requête n'a pas la forme attendue", errors=found)


def _http(error: HttpError) -> Refusal:
    if error.status_code == 400:
        return Refusal(400, "malformed", "Le corps de la requête ne se lit pas", "Un objet JSON est attendu.")
    return Refusal(error.status_code, "refused", str(error))


def _unexpected(_request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("api_unexpected", error=type(error).__name__, exc_info=error)
    return answer(Refusal(500, "internal", "Le serveur a rencontré une erreur", "Rien n'a été enregistré."))
