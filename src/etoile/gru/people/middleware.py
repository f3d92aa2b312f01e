"""Agents' pages read the user base for the agent who asks; other pages say themselves for whom they do."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from etoile.gru.access.models import Account
from etoile.gru.people import scope

AGENTS = "/agents/"


class ScopeMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(AGENTS):
            with scope.later(lambda: None):
                return self.get_response(request)
        with scope.later(lambda: _of(request)):
            return self.get_response(request)


def _of(request: HttpRequest) -> scope.Scope | None:
    account = request.user
    return scope.agent(account) if isinstance(account, Account) and account.is_active else None
