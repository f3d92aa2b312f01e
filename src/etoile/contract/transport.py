"""The HTTP of the client: connections kept alive, tries again within a budget, the access token."""

from __future__ import annotations

import base64
import json
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote_plus, urlencode

import urllib3

_DELAYS = (0.2, 0.5, 1.0, 2.0, 4.0)
_MARGIN = 30
_MAX_ANSWER = 32 * 2**20


class HubUnavailable(Exception):
    """No usable answer in time; asking again later loses nothing. `retry_after`: seconds, when the hub said so."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The parsed body, None when it is not JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


class Transport:
    """Exchanges with one server; never follows a redirect."""

    def __init__(self, base_url: str, *, timeout: float, budget: float) -> None:
        self.budget = budget
        self._base_url = base_url
        self._pool = urllib3.PoolManager(
            num_pools=2,
            maxsize=4,
            block=False,
            retries=False,
            timeout=urllib3.Timeout(connect=min(timeout, 5), read=timeout),
        )

    def exchange(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], until: float) -> Answer:
        """The first answer that is neither 429 nor 5xx, before `until` (monotonic). HubUnavailable otherwise."""
        for delay in (*_DELAYS, None):
            failure, asked = "", None
            try:
                answer = self._once(method, path, body, headers)
            except urllib3.exceptions.HTTPError as error:
                failure = f"The hub cannot be reached ({type(error).__name__})."
            else:
                if answer.status != 429 and answer.status < 500:
                    return answer
                failure = f"The hub answered {answer.status}."
                asked = retry_after(answer.headers.get("retry-after"))
            if delay is None:
                raise HubUnavailable(failure, asked)
            pause = max(asked or 0.0, delay * random.uniform(0.5, 1.5))  # noqa: S311 - spreading, not a secret
            if time.monotonic() + pause >= until:
                raise HubUnavailable(failure, asked)
            time.sleep(pause)
        raise AssertionError("unreachable")

    def close(self) -> None:
        self._pool.clear()

    def _once(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        response = self._pool.request(
            method,
            self._base_url + path,
            body=body,
            headers=dict(headers),
            redirect=False,
            preload_content=False,
        )
        try:
            content = response.read(_MAX_ANSWER, decode_content=True)
        except BaseException:
            response.close()
            raise
        if len(content) >= _MAX_ANSWER:
            response.close()
            raise HubUnavailable("The answer is too large.")
        response.release_conn()
        lowered = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, lowered, content)


class Token:
    """An OAuth 2 access token by client credentials (RFC 6749 §4.4), kept until shortly before it expires."""

    def __init__(
        self, transport: Transport, client_id: str, client_secret: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._transport, self._clock = transport, clock
        # RFC 6749 §2.3.1: both parts are form-encoded before they are joined.
        pair = f"{quote_plus(client_id)}:{quote_plus(client_secret)}"
        self._basic = "Basic " + base64.b64encode(pair.encode()).decode()
        self._lock = threading.Lock()
        self._value: str | None = None
        self._expires = 0.0

    def value(self, until: float) -> str | Answer:
        """The token, or the answer that refused it."""
        with self._lock:
            if self._value is None or self._clock() >= self._expires:
                refused = self._renew(until)
                if refused:
                    return refused
            assert self._value is not None  # noqa: S101 - for the type checker
            return self._value

    def forget(self) -> None:
        """The next call asks for a new token."""
        with self._lock:
            self._value = None

    def _renew(self, until: float) -> Answer | None:
        body = urlencode({"grant_type": "client_credentials"}).encode()
        headers = {"authorization": self._basic, "content-type": "application/x-www-form-urlencoded"}
        answer = self._transport.exchange("POST", "/oauth/token", body, headers, until)
        if answer.status != 200:
            return answer
        raw = answer.json()
        if not isinstance(raw, dict) or not isinstance(raw.get("access_token"), str):
            raise HubUnavailable("The answer is not the hub's: an access token was expected.")
        lifetime = raw.get("expires_in")
        self._value = raw["access_token"]
        self._expires = self._clock() + max(1.0, (lifetime if isinstance(lifetime, int | float) else 300) - _MARGIN)
        return None


def retry_after(value: str | None) -> float | None:
    """Seconds to wait from a `Retry-After` header (RFC 9110 §10.2.3: seconds or a date); None when absent or wrong."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(min(int(text[:9]), 7 * 86_400))
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - datetime.now(UTC)).total_seconds())
