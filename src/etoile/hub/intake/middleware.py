from collections.abc import Callable
from typing import Any

from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch, resolve
from django.utils.functional import cached_property

from etoile.contract.problem import MEDIA_TYPE
from etoile.hub.intake.problems import RefusedError, answer, generic, passes, unavailable
from etoile.hub.intake.publishing import publish

PUBLISHING = "/v1/events"
# Where programs come, who are told of a failure as a problem.
FOR_PROGRAMS = ("/v1/", "/oauth/")
KEPT = ("Allow", "Retry-After", "WWW-Authenticate")


class PublishingMiddleware:
    """The hot path goes round what only pages need (sessions, languages, forms, policies): a third of its cost."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        straight: Any = convert_exception_to_response(publish)
        self.publish = ProblemMiddleware(straight)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info != PUBLISHING:
            return self.get_response(request)
        request.resolver_match = self.match
        response = self.publish(request)
        # Without it the server ends the answer by closing the connection.
        response.headers["Content-Length"] = str(len(response.content))
        return response

    @cached_property
    def match(self) -> ResolverMatch:
        return resolve(PUBLISHING)


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
        if passes(exception) and request.path.startswith(FOR_PROGRAMS):
            return answer(unavailable())
        return None
