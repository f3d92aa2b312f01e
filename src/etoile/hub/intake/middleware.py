from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from etoile.contract.problem import MEDIA_TYPE
from etoile.hub.intake.problems import RefusedError, answer, generic

KEPT = ("Allow", "Retry-After", "WWW-Authenticate")
RETRY_AFTER = {"Retry-After": "2"}


class ProblemMiddleware:
    """Under /v1/, whatever goes wrong is answered as a problem: a refusal, Django's own pages, a failure."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if (
            response.status_code < 400
            or not request.path.startswith("/v1/")
            or response.get("Content-Type") == MEDIA_TYPE
        ):
            return response
        headers = {name: response[name] for name in KEPT if name in response}
        return answer(generic(response.status_code, headers))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, RefusedError):
            return answer(exception)
        if isinstance(exception, OperationalError | InterfaceError) and request.path.startswith("/v1/"):
            return answer(generic(503, RETRY_AFTER))
        return None
