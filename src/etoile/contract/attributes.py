"""The rules of each attribute of the envelope: one table, read by `envelope`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from etoile.contract import wire
from etoile.contract.problem import Violation, escape

MAX_EXTENSIONS = 20
_SEQUENCE_LIMIT = 2**31  # the Integer type of CloudEvents has 32 bits

_VISIBLE = re.compile(r"[^\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_LINE = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_TYPE = re.compile(r"[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)+")
_SIRET = re.compile(r"[0-9]{14}")
_EXTENSION = re.compile(r"[a-z0-9]{1,20}")
_JSON_MEDIA_TYPE = re.compile(r"application/([a-z0-9.!#$&^_-]+\+)?json\s*(;.*)?", re.IGNORECASE)


class _Wrong(Exception):
    """Words for one violation."""


def read(raw: Any) -> tuple[dict[str, Any], list[Violation]]:
    """The arguments of `Event`, and everything that is wrong with `raw` (then the arguments are incomplete)."""
    if not isinstance(raw, dict):
        return {}, [Violation("", "An event is a JSON object.")]
    values: dict[str, Any] = {}
    violations: list[Violation] = []
    for name, (required, rule) in _RULES.items():
        value = raw.get(name)
        if value is None:
            if required:
                violations.append(Violation(f"/{name}", "This attribute is required."))
            continue
        try:
            values[name] = rule(value)
        except _Wrong as wrong:
            violations.append(Violation(f"/{name}", str(wrong)))
    extensions, refused = _extensions(raw)
    values["extensions"] = extensions
    for ignored in ("specversion", "datacontenttype"):
        values.pop(ignored, None)
    return values, violations + refused


def _extensions(raw: dict[str, Any]) -> tuple[dict[str, str | int | bool], list[Violation]]:
    kept: dict[str, str | int | bool] = {}
    violations: list[Violation] = []
    for name, value in raw.items():
        if name in _RULES or value is None:
            continue
        pointer = f"/{escape(name)}"
        if name == "data_base64":
            violations.append(Violation(pointer, "The data of the contract is JSON: use `data`."))
        elif not _EXTENSION.fullmatch(name):
            violations.append(Violation(pointer, "The name of an extension is 1 to 20 lower-case letters or digits."))
        elif _is_simple(value):
            kept[name] = value
        else:
            violations.append(
                Violation(
                    pointer, "An extension is a text of one line (1024 characters), a 32-bit integer or a boolean."
                )
            )
    if len(kept) > MAX_EXTENSIONS:
        violations.append(Violation("", f"An event has at most {MAX_EXTENSIONS} extension attributes."))
    return kept, violations


def _is_simple(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= 1024 and (not value or _LINE.fullmatch(value) is not None)
    return isinstance(value, bool) or (isinstance(value, int) and -_SEQUENCE_LIMIT <= value < _SEQUENCE_LIMIT)


def _text(limit: int, pattern: re.Pattern[str], words: str) -> Callable[[Any], str]:
    def rule(value: Any) -> str:
        if not isinstance(value, str) or not 1 <= len(value) <= limit or not pattern.fullmatch(value):
            raise _Wrong(f"{words} (1 to {limit} characters).")
        return value

    return rule


def _specversion(value: Any) -> str:
    if value != "1.0":
        raise _Wrong('The version of CloudEvents is "1.0".')
    return "1.0"


def _time(value: Any) -> Any:
    time = wire.parse_time(value) if isinstance(value, str) else None
    if time is None:
        raise _Wrong("A date and time of RFC 3339 with its offset, such as 2026-09-01T08:30:00+02:00.")
    return time


def _siret(value: Any) -> str:
    if not isinstance(value, str) or not _SIRET.fullmatch(value):
        raise _Wrong("The SIRET of the local authority: a text of 14 digits.")
    return value


def _sequence(value: Any) -> int:
    # Headers of the binary form, and the CloudEvents extension of that name, carry it as a text.
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 10:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < _SEQUENCE_LIMIT:
        raise _Wrong(f"An integer from 0 to {_SEQUENCE_LIMIT - 1}.")
    return value


def _media_type(value: Any) -> str:
    if not isinstance(value, str) or not _JSON_MEDIA_TYPE.fullmatch(value):
        raise _Wrong("The data of the contract is application/json.")
    return value


def _data(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _Wrong("The data of the contract is a JSON object.")
    return value


_RULES: dict[str, tuple[bool, Callable[[Any], Any]]] = {
    "specversion": (True, _specversion),
    "id": (True, _text(128, _VISIBLE, "A text without spaces")),
    "source": (True, _text(128, _VISIBLE, "The identifier of the application, without spaces")),
    "type": (True, _text(128, _TYPE, "Lower-case words separated by full stops, such as org.etoile.case.submitted.v1")),
    "subject": (True, _text(256, _LINE, "A text of one line")),
    "time": (True, _time),
    "authority": (True, _siret),
    "data": (True, _data),
    "sequence": (False, _sequence),
    "correlationid": (False, _text(128, _VISIBLE, "A text without spaces")),
    "dataschema": (False, _text(512, _VISIBLE, "An address without spaces")),
    "datacontenttype": (False, _media_type),
}
