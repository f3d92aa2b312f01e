"""Errors of the HTTP APIs: `application/problem+json` (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:etoile:problem:"


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing wrong, and where. `pointer` is a JSON Pointer (RFC 6901) into what was sent, "" for the whole of it."""

    pointer: str
    detail: str

    def under(self, prefix: str | int) -> Violation:
        """The same violation, one level deeper: `under(3)` makes "/source" into "/3/source"."""
        return Violation(f"/{escape(str(prefix))}{self.pointer}", self.detail)


def escape(segment: str) -> str:
    """One segment of a JSON Pointer (RFC 6901 §3)."""
    return segment.replace("~", "~0").replace("/", "~1")


@dataclass(frozen=True, slots=True)
class Problem:
    """What the body of an error says. `kind` is stable and made for programs, `detail` is for people.

    Known kinds of the hub: malformed, invalid-envelope, invalid-data, unknown-type, conflict, unauthorized,
    forbidden, not-found, too-large, unsupported-media-type, too-many-requests, unavailable, internal.
    """

    kind: str
    title: str
    status: int
    detail: str = ""
    errors: Sequence[Violation] = ()

    @property
    def type(self) -> str:
        return TYPE_PREFIX + self.kind

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of the answer; `errors` is there only when something can be pointed at."""
        body: dict[str, Any] = {"type": self.type, "title": self.title, "status": self.status}
        if self.detail:
            body["detail"] = self.detail
        if self.errors:
            body["errors"] = [{"pointer": f"#{each.pointer}", "detail": each.detail} for each in self.errors]
        return body

    @classmethod
    def from_dict(cls, body: Mapping[str, Any], *, status: int) -> Problem:
        """Reads an answer leniently: a proxy's page or another server's problem must not break the caller."""
        kind = str(body.get("type", "about:blank")).removeprefix(TYPE_PREFIX)
        errors = body.get("errors")
        return cls(
            kind=kind,
            title=str(body.get("title", "")),
            status=status,
            detail=str(body.get("detail", "")),
            errors=tuple(
                Violation(str(each.get("pointer", "")).removeprefix("#"), str(each.get("detail", "")))
                for each in (errors if isinstance(errors, list) else [])
                if isinstance(each, Mapping)
            ),
        )
