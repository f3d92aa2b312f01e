"""The envelope of every message: CloudEvents 1.0 in JSON, with the three extensions of the contract.

Required: `id`, `source` (slug of the application that speaks), `type`, `subject` (ordering key: one case), `time`,
`authority` (SIRET of the local authority) and `data` (a JSON object). Optional: `dataschema`, `sequence` (the source's
counter within the subject), `correlationid` (identifier of the first event of the case). Any other extension
attribute is kept as it is in `extensions`, and counts in the digest; `receiver` and `recipient` are two of
them, see `for_nobody` and `recipient`.

Source: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md, its JSON format and its HTTP binding.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import orjson

from etoile.contract import attributes, wire
from etoile.contract.identifiers import uuid7
from etoile.contract.problem import Violation

# Only what JSON has: no date, no class is written by itself.
_CANONICAL = (
    orjson.OPT_SORT_KEYS
    | orjson.OPT_PASSTHROUGH_DATETIME
    | orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_SUBCLASS
)
STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"

__all__ = ["BATCH", "STRUCTURED", "EnvelopeError", "Event", "Violation", "make", "parse_batch"]


class EnvelopeError(ValueError):
    """What was received is not a message of the contract. `violations` says everything that is wrong, in order."""

    def __init__(self, violations: list[Violation]) -> None:
        super().__init__("; ".join(f"{each.pointer or '/'}: {each.detail}" for each in violations))
        self.violations = violations


@dataclass(frozen=True, slots=True)
class Event:
    """One message. `time` is aware and in UTC; `data` is what `json` gives, and is not to be modified in place."""

    id: str
    source: str
    type: str
    subject: str
    time: datetime
    authority: str
    data: dict[str, Any]
    sequence: int | None = None
    correlationid: str | None = None
    dataschema: str | None = None
    extensions: Mapping[str, str | int | bool] = field(default_factory=dict)

    @classmethod
    def from_dict(cls, raw: Any) -> Event:
        """Reads the structured form, already parsed. Raises EnvelopeError with every violation at once."""
        return _build(raw)

    @classmethod
    def from_json(cls, body: bytes) -> Event:
        """Reads the structured form (`application/cloudevents+json`). Raises EnvelopeError."""
        return _build(_parse(body))

    @classmethod
    def from_binary(cls, headers: Mapping[str, str], body: bytes) -> Event:
        """Reads the binary form: attributes in `ce-*` headers (any case), `data` in the body. Raises EnvelopeError."""
        raw: dict[str, Any] = {}
        for name, value in headers.items():
            lowered = name.lower()
            if lowered.startswith("ce-"):
                raw[lowered[3:]] = _decoded(lowered[3:], value)
            elif lowered == "content-type":
                raw["datacontenttype"] = value
        raw["data"] = _parse(body, "/data")
        return _build(raw)

    def to_dict(self) -> dict[str, Any]:
        """The structured form; optional attributes without a value are left out."""
        raw: dict[str, Any] = {
            "specversion": "1.0",
            "id": self.id,
            "source": self.source,
            "type": self.type,
            "subject": self.subject,
            "time": wire.format_time(self.time),
            "datacontenttype": "application/json",
            "authority": self.authority,
            "data": self.data,
        }
        optional = {"dataschema": self.dataschema, "sequence": self.sequence, "correlationid": self.correlationid}
        raw.update({name: value for name, value in optional.items() if value is not None})
        raw.update(self.extensions)
        return raw

    def to_json(self) -> bytes:
        """The structured form, always the same bytes for the same message: compact, UTF-8, keys sorted."""
        return orjson.dumps(self.to_dict(), option=_CANONICAL)

    def to_binary(self) -> tuple[dict[str, str], bytes]:
        """The binary form: headers (`content-type` and `ce-*`), body."""
        raw = self.to_dict()
        body = json.dumps(raw.pop("data"), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
        headers = {"content-type": raw.pop("datacontenttype")}
        for name, value in raw.items():
            text = str(value).lower() if isinstance(value, bool) else str(value)
            headers[f"ce-{name}"] = wire.percent_encode(text)
        return headers, body

    def digest(self) -> bytes:
        """SHA-256 (32 bytes) of `to_json()`: tells a repeat from another message under the same (source, id)."""
        return hashlib.sha256(self.to_json()).digest()

    @property
    def for_nobody(self) -> bool:
        """True when the source says (`receiver: optional`) that no application has to receive it: it tells, it does not
        ask. Whoever subscribes receives it all the same."""
        return self.extensions.get("receiver") == "optional"

    @property
    def recipient(self) -> str:
        """The application it is for, and no other (`recipient: services-famille`); empty, whoever subscribes."""
        return str(self.extensions.get("recipient") or "")

    def with_data(self, data: dict[str, Any]) -> Event:
        """The same envelope around other data."""
        return replace(self, data=data)


def parse_batch(body: bytes) -> list[Event]:
    """Reads `application/cloudevents-batch+json`, all or nothing; pointers of the violations start with the index."""
    raw = _parse(body)
    if not isinstance(raw, list):
        raise EnvelopeError([Violation("", "A batch is a JSON array of events.")])
    events: list[Event] = []
    violations: list[Violation] = []
    for index, each in enumerate(raw):
        try:
            events.append(_build(each))
        except EnvelopeError as error:
            violations += [violation.under(index) for violation in error.violations]
    if violations:
        raise EnvelopeError(violations)
    return events


def make(
    type: str,
    *,
    source: str,
    subject: str,
    authority: str,
    data: dict[str, Any],
    sequence: int | None = None,
    correlationid: str | None = None,
    id: str | None = None,
    time: datetime | None = None,
    for_nobody: bool = False,
    recipient: str = "",
) -> Event:
    """A new event, checked as a received one would be; `id` is a UUIDv7 and `time` is now, unless given."""
    try:
        wire.check(data)
    except ValueError as error:
        raise EnvelopeError([Violation("/data", str(error))]) from None
    raw = {
        "specversion": "1.0",
        "id": id if id is not None else str(uuid7()),
        "source": source,
        "type": type,
        "subject": subject,
        "time": wire.format_time(time if time is not None else datetime.now(UTC)),
        "authority": authority,
        "sequence": sequence,
        "correlationid": correlationid,
        "data": data,
        **({"receiver": "optional"} if for_nobody else {}),
        **({"recipient": recipient} if recipient else {}),
    }
    return _build(raw)


def _parse(body: bytes, pointer: str = "") -> Any:
    try:
        return wire.parse(body)
    except ValueError as error:
        raise EnvelopeError([Violation(pointer, str(error))]) from None


def _decoded(name: str, value: str) -> str:
    try:
        return wire.percent_decode(value)
    except ValueError:
        raise EnvelopeError([Violation(f"/{name}", "The percent-encoding of this header is not UTF-8.")]) from None


def _build(raw: Any) -> Event:
    values, violations = attributes.read(raw)
    if violations:
        raise EnvelopeError(violations)
    return Event(**values)
