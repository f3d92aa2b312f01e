"""A question as a request."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from etoile.connectors.lookup_http.configuration import Configuration, Request
from etoile.sdk import Context, access, formulas
from etoile.sdk import Mapping as TreeMapping
from etoile.sdk.answers import Answer


async def ask(query: Mapping[str, Any], context: Context) -> Answer:
    """The answer, whatever its status. DoorError when none came, FormulaError, MappingError."""
    settings: Configuration = context.configuration
    request, values = settings.request, {"query": dict(query)}
    headers = {name: " ".join(formulas.leaf(value, **values).split()) for name, value in request.headers.items()}
    body = None if request.body is None else TreeMapping.compile(request.body, variables=("query",)).apply(values)
    url = settings.base_url + formulas.fill(request.path, **values) + _parameters(request, values)
    response = await access.request(
        context,
        settings.authentication,
        request.method,
        url,
        headers={"Accept": "application/json", **headers},
        json=body,
        timeout=settings.timeout,
    )
    return Answer.read(response.status, response.headers, response.body)


async def read(path: str, context: Context) -> Answer:
    """The answer to a reading without effect."""
    settings: Configuration = context.configuration
    response = await access.request(
        context,
        settings.authentication,
        "GET",
        settings.base_url + path,
        headers={"Accept": "application/json"},
        timeout=settings.timeout,
    )
    return Answer.read(response.status, response.headers, response.body)


def _parameters(request: Request, values: Mapping[str, Any]) -> str:
    pairs = [(name, text) for name, value in request.parameters.items() for text in _texts(value, values)]
    if not pairs:
        return ""
    return f"{'&' if '?' in request.path else '?'}{urlencode(pairs, quote_via=quote)}"


def _texts(value: str, values: Mapping[str, Any]) -> list[str]:
    if not value.startswith("=") or value.startswith("=="):
        return [formulas.leaf(value)]
    found = formulas.evaluate(value[1:], **values)
    return [_text(each) for each in (found if isinstance(found, list) else [found]) if each is not None]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, str | int | float):
        return str(value)
    raise formulas.FormulaError("un paramètre de l’adresse ne donne ni texte ni nombre")
