"""Two addresses for whoever watches the program: does the process live, can it work. No session, no personal value.

`path("", include(health.urlpatterns))` in a product's urls; the middleware answers in fact, the urls name the routes.
"""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

SERVICE_UNAVAILABLE = 503


class MigrationState:
    """Migrations never come undone under a running process: once they are all there, they are not counted again."""

    complete = False

    @classmethod
    def pending(cls) -> bool:
        if not cls.complete:
            executor = MigrationExecutor(connection)
            cls.complete = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        return not cls.complete


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers; the database is not asked."""
    return JsonResponse({"status": "live"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 if the database answers and every migration is applied, else 503 and the reason.

    With what the product's settings say of it in `HEALTH_NOTES`: facts known without asking anyone.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if MigrationState.pending():
            return _not_ready("migrations are pending")
    except DatabaseError:
        return _not_ready("the database does not answer")
    return JsonResponse({"status": "ready", **getattr(settings, "HEALTH_NOTES", {})})


class HealthMiddleware:
    """Answers before the host name is checked: whoever watches knows an address, not the public name."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        view = VIEWS.get(request.path)
        return view(request) if view else self.get_response(request)


def _not_ready(reason: str) -> JsonResponse:
    return JsonResponse({"status": "not ready", "reason": reason}, status=SERVICE_UNAVAILABLE)


VIEWS: Final = {"/health/live": live, "/health/ready": ready}

urlpatterns = [
    path("health/live", live, name="health-live"),
    path("health/ready", ready, name="health-ready"),
]
