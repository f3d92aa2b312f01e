"""How the envelope is written down: strict JSON, RFC 3339 times, the percent-encoding of CloudEvents headers."""

import json
import math
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote

_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)

# Printable ASCII, except the quotation mark and the percent sign (HTTP binding of CloudEvents, §3.1.3.2).
_HEADER_SAFE = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"%')


def parse(body: bytes) -> Any:
    """Parses UTF-8 JSON; ValueError in plain words when it is not, or when another reader might read it otherwise.

    Refused although Python would take them: a name twice in one object, NaN and Infinity, integers over 64 bits,
    numbers too large for a double, half surrogate pairs, and U+0000, which PostgreSQL and many others cannot keep.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError("The body is not UTF-8 text.") from None
    try:
        value = json.loads(
            text, object_pairs_hook=_object, parse_constant=_constant, parse_float=_number, parse_int=_integer
        )
    except json.JSONDecodeError as error:
        raise ValueError(f"Not JSON: {error.msg} at line {error.lineno}, column {error.colno}.") from None
    except RecursionError:
        raise ValueError("The JSON is nested too deeply.") from None
    if "\\u" in text:
        check(value)
    return value


def check(value: Any) -> None:
    """ValueError in plain words when a Python value is not JSON that every reader keeps as it is (see `parse`)."""
    stack = [value]
    while stack:
        each = stack.pop()
        if isinstance(each, str):
            if "\x00" in each or not _encodable(each):
                raise ValueError("A text holds the character U+0000 or half of a surrogate pair.")
        elif isinstance(each, dict):
            stack.extend(each.keys())
            stack.extend(each.values())
            if not all(isinstance(name, str) for name in each):
                raise ValueError("A name in an object is not a text.")
        elif isinstance(each, list):
            stack.extend(each)
        elif isinstance(each, float):
            if not math.isfinite(each):
                raise ValueError("NaN and Infinity are not JSON numbers.")
        elif isinstance(each, int):
            if not -(2**63) <= each < 2**63:
                raise ValueError("An integer has more than 64 bits.")
        elif each is not None:
            raise ValueError(f"A value of type {type(each).__name__} is not JSON.")


def parse_time(text: str) -> datetime | None:
    """An RFC 3339 date-time with its offset, in UTC; None when it is anything else."""
    if not _TIME.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def format_time(time: datetime) -> str:
    """RFC 3339 in UTC, microseconds only when there are some. ValueError for a naive datetime."""
    if time.tzinfo is None:
        raise ValueError("an aware datetime is needed")
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def percent_encode(value: str) -> str:
    return quote(value, safe=_HEADER_SAFE)


def percent_decode(value: str) -> str:
    return unquote(value, errors="strict") if "%" in value else value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    built = dict(pairs)
    if len(built) != len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise ValueError(f'The name "{repeated[:64]}" appears twice in one object.')
    return built


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number.")


def _number(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ValueError("A number is too large.")
    return value


def _integer(text: str) -> int:
    # CEL and many receivers have 64 bits; a larger integer would silently become another number there.
    if len(text) > 20 or not -(2**63) <= (value := int(text)) < 2**63:
        raise ValueError("An integer has more than 64 bits.")
    return value


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
