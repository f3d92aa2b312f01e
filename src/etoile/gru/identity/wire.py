"""The door to the platforms: short, bounded, never following where an answer leads."""

import json
from typing import Any
from urllib.parse import urlsplit

import urllib3
from django.db import connection

SECONDS = 5.0
LARGEST = 256 * 1024
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_POOL = urllib3.PoolManager(num_pools=4, maxsize=4, retries=False)


class Unreachable(Exception):
    """The platform did not answer, or not as it should; says how, without anything of what was sent."""


def ask(method: str, address: str, *, fields: dict[str, str] | None = None, token: str = "") -> tuple[int, str, str]:
    """Status, media type and text of an answer. `fields`: sent as a form; `token`: a bearer.

    No connection to the database is held meanwhile. Raises `Unreachable`, also for an address in clear that is not of
    this machine: a secret would leave by it.
    """
    where = urlsplit(address)
    if where.scheme != "https" and not (where.scheme == "http" and where.hostname in LOOPBACK):
        raise Unreachable("not an address in https")
    if not connection.in_atomic_block:
        connection.close()
    headers = {"Accept": "application/json, application/jwt"} | ({"Authorization": f"Bearer {token}"} if token else {})
    sent: dict[str, Any] = {"fields": fields, "encode_multipart": False} if fields is not None else {}
    try:
        answer = _POOL.request(
            method,
            address,
            headers=headers,
            preload_content=False,
            redirect=False,
            timeout=urllib3.Timeout(total=SECONDS),
            **sent,
        )
        try:
            body = answer.read(LARGEST + 1, decode_content=True)
        finally:
            # What was not read must not be found by the next request.
            answer.close()
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise Unreachable(type(error).__name__) from error
    if len(body) > LARGEST:
        raise Unreachable("an answer too long")
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise Unreachable("an answer that is not UTF-8") from error
    return answer.status, answer.headers.get("Content-Type", "").partition(";")[0].strip().lower(), text


def read_object(text: str) -> dict[str, Any]:
    """A JSON object. Raises `Unreachable`."""
    try:
        read = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreachable("an answer that is not JSON") from error
    if not isinstance(read, dict):
        raise Unreachable("an answer that is not an object")
    return read
