"""What an HTTP answer, or its absence, means for a delivery: the same for every connector that has no better reason.

| what came | outcome |
|---|---|
| nothing (timeout, connection), 408, 421, 423, 425, 429, 5xx | retry, `Retry-After` honoured |
| 409 | retry soon |
| 2xx that is not JSON (a firewall's page, say) | retry, "réponse inattendue" |
| 3xx, 401, 403, 404, 405, 406, 410, 415, address or certificate refused, a secret missing | fix_configuration |
| any other 4xx | fix_data, with the application's own words |
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from etoile.sdk.door import DoorError
from etoile.sdk.outcome import Outcome

CONFLICT_DELAY = 5.0
MAX_WORDS = 300
E_MAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+")
LONG_NUMBER = re.compile(r"\d[\d .]{7,}\d")
CONFIGURATION_STATUSES = frozenset({401, 403, 404, 405, 406, 410, 415})
RETRY_STATUSES = frozenset({408, 421, 423, 425, 429})
REASONS = {
    401: "ne reconnaît pas nos identifiants ou notre signature",
    403: "nous refuse l’accès",
    410: "ne veut plus rien recevoir à cette adresse",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, read. `body` is the JSON value, None when there is none or it is not JSON (`is_json` tells)."""

    status: int
    headers: dict[str, str]
    body: Any
    is_json: bool
    is_empty: bool

    @classmethod
    def read(cls, status: int, headers: Mapping[str, str], content: bytes) -> "Answer":
        lowered = {str(name).lower(): str(value) for name, value in headers.items()}
        if not content.strip():
            return cls(status, lowered, None, is_json=False, is_empty=True)
        try:
            return cls(status, lowered, json.loads(content), is_json=True, is_empty=False)
        except (ValueError, RecursionError):
            return cls(status, lowered, None, is_json=False, is_empty=False)

    def for_expressions(self) -> dict[str, Any]:
        """The variable `response` of expressions."""
        return {"status": self.status, "headers": self.headers, "body": self.body}

    def retry_after(self) -> float | None:
        """Seconds to wait, from `Retry-After` as a number or a date."""
        value = self.headers.get("retry-after", "")
        if value.isdigit():
            return float(value)
        try:
            moment = parsedate_to_datetime(value)
        except (ValueError, TypeError):
            return None
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, (aware - datetime.now(UTC)).total_seconds())

    def words(self) -> str:
        """What the application says of its refusal, in its own words when it has some, fit to be shown."""
        body = self.body if isinstance(self.body, dict) else {}
        for name in ("detail", "Message", "message", "title", "error_description", "error"):
            if isinstance(body.get(name), str) and body[name].strip():
                return redact(body[name])
        return "elle ne dit pas pourquoi."


def without_answer(error: DoorError) -> Outcome:
    """The outcome when no answer came."""
    kind = error.kind.value
    if kind == "refused_address":
        return Outcome.fix_configuration("L’adresse de l’application n’est pas autorisée.", detail=kind)
    if kind in ("tls", "access"):
        return Outcome.fix_configuration(error.message, detail=kind)
    if kind == "token":
        return Outcome.retry(error.message, error.after, detail=kind, http_status=error.status)
    if kind == "too_large":
        return Outcome.retry("L’application a donné une réponse inattendue, trop longue.", detail=kind)
    words = "n’a pas répondu à temps" if kind == "timeout" else "ne répond pas"
    return Outcome.retry(f"L’application {words} ; un nouvel essai est prévu.", detail=kind)


def by_status(answer: Answer, *, empty_allowed: bool = False) -> Outcome | None:
    """The outcome that HTTP alone gives; None for a 2xx whose body can be read, and decides."""
    status, detail, http_status = answer.status, f"HTTP {answer.status}", answer.status
    if 200 <= status < 300:
        if answer.is_json or (answer.is_empty and empty_allowed):
            return None
        what = "rien ne permet de la lire"
        if answer.headers.get("content-type", "").startswith("text/html"):
            what = "c’est une page web ; un pare-feu ou un relais répond peut-être à sa place"
        words = f"L’application a donné une réponse inattendue : {what}."
        return Outcome.retry(words, detail=detail, http_status=http_status)
    if 300 <= status < 400:
        words = "L’adresse de l’application a changé : elle renvoie ailleurs."
        return Outcome.fix_configuration(words, detail, http_status=http_status)
    if status == 409:
        after = answer.retry_after() or CONFLICT_DELAY
        return Outcome.retry("L’application traite déjà cette demande.", after, detail=detail, http_status=http_status)
    if status in RETRY_STATUSES or status >= 500:
        words = "demande d’attendre" if status == 429 else "est momentanément indisponible"
        words = f"L’application {words}."
        return Outcome.retry(words, answer.retry_after(), detail=detail, http_status=http_status)
    if status in CONFIGURATION_STATUSES:
        reason = REASONS.get(status, "ne connaît pas l’adresse demandée")
        return Outcome.fix_configuration(f"L’application {reason}.", detail, http_status=http_status)
    words = f"L’application refuse la demande : {answer.words()}"
    return Outcome.fix_data(words, detail, http_status=http_status)


def redact(words: str) -> str:
    """A text fit for a screen and a journal: short, without e-mail address or long number."""
    return LONG_NUMBER.sub("…", E_MAIL.sub("…", " ".join(words.split())))[:MAX_WORDS]
