"""The documentation page of the API: made from its own description, without script and without any other site."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from etoile.gru.api import problems
from etoile.gru.api.v1 import api


def documentation(request: HttpRequest) -> HttpResponse:
    schema: dict[str, Any] = api.get_openapi_schema()
    operations = [
        {"method": method.upper(), "path": path, **operation}
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]
    return render(request, "api/documentation.html", {"schema": schema, "operations": operations})


def not_found(_request: HttpRequest, rest: str) -> JsonResponse:
    return problems.answer(problems.NOT_FOUND)
