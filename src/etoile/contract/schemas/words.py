"""Violations of a schema in words a vendor's developer can act on, without repeating what was sent."""

from collections.abc import Callable, Iterator
from typing import Any

import jsonschema_rs

from etoile.contract.problem import Violation, escape

_TYPES = {
    "string": "a text",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "object": "an object",
    "array": "a list",
    "null": "null",
}
_FORMATS = {
    "date-time": "a date and time of RFC 3339 with its offset, such as 2026-09-01T08:30:00+02:00",
    "date": "a date such as 2026-09-01",
    "idn-email": "an e-mail address",
    "uuid": "a UUID",
    "uri": "an absolute address, such as https://example.org/path",
}

_WORDS: dict[str, Callable[[Any], str]] = {
    "required": lambda kind: "This value is required.",
    "type": lambda kind: f"Must be {' or '.join(_TYPES.get(each, each) for each in kind.types)}.",
    "enum": lambda kind: f"Must be one of: {', '.join(str(each) for each in kind.options)}.",
    "const": lambda kind: f"Must be {kind.expected_value}.",
    "format": lambda kind: f"Must be {_FORMATS.get(kind.format, kind.format)}.",
    "pattern": lambda kind: f"Does not have the expected form: {kind.pattern}",
    "minLength": lambda kind: "Must not be empty." if kind.limit == 1 else f"At least {kind.limit} characters.",
    "maxLength": lambda kind: f"At most {kind.limit} characters.",
    "minimum": lambda kind: f"Must be at least {kind.limit}.",
    "maximum": lambda kind: f"Must be at most {kind.limit}.",
    "minItems": lambda kind: f"At least {kind.limit} items.",
    "maxItems": lambda kind: f"At most {kind.limit} items.",
    "minProperties": lambda kind: f"At least {kind.limit} values.",
    "maxProperties": lambda kind: f"At most {kind.limit} values.",
    "uniqueItems": lambda kind: "The items must differ from one another.",
    "propertyNames": lambda kind: (
        "A name is lower-case letters, digits and underscores, starting with a letter (64 at most)."
    ),
}


def of(error: jsonschema_rs.ValidationError) -> Iterator[Violation]:
    """The violations behind one error of the validator: one, or one per name too many."""
    pointer = "/data" + "".join(f"/{escape(str(each))}" for each in error.instance_path)
    kind: Any = error.kind
    if kind.name == "additionalProperties":
        for name in kind.unexpected:
            yield Violation(f"{pointer}/{escape(name)}", "The contract has no such value here.")
        return
    if kind.name == "required":
        pointer = f"{pointer}/{escape(kind.property)}"
    say = _WORDS.get(kind.name)
    yield Violation(pointer, say(kind) if say else error.message)
