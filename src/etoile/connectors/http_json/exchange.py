"""One exchange with the application: the address, the access, the door."""

from typing import Any

from etoile.connectors.http_json.configuration import Configuration
from etoile.sdk import Context, access
from etoile.sdk.answers import Answer


async def call(
    context: Context, method: str, path: str, *, headers: dict[str, str] | None = None, **body: Any
) -> Answer:
    """One request and its answer, whatever the status. DoorError when no answer came, or when it cannot be sent.

    `body`: `json`, or `multipart` as a callable that makes the parts: a stream is read once, and a try may come again.
    """
    configuration: Configuration = context.configuration
    response = await access.request(
        context,
        configuration.authentication,
        method,
        configuration.base_url + path,
        headers={"Accept": "application/json", **configuration.headers, **(headers or {})},
        timeout=configuration.timeout,
        **body,
    )
    return Answer.read(response.status, response.headers, response.body)
