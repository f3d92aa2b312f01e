"""Dates between the contract (ISO 8601, RFC 3339) and the form an application wants.

A format is written with `yyyy`, `yy`, `MM`, `dd`, `HH`, `mm`, `ss`, `SSS` (milliseconds) and `XXX` (+02:00); the rest
is itself, and so is what stands between apostrophes. Three are names: `iso`, `epoch` and `epoch_ms` (seconds,
milliseconds since 1970).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from etoile.expressions.errors import ExpressionError

NAMED = ("iso", "epoch", "epoch_ms")
PARIS = "Europe/Paris"
_PIECE = re.compile(r"'((?:[^']|'')*)'|(yyyy|yy|MM|dd|HH|mm|ss|SSS|XXX)|([A-Za-z]+)|(.)", re.DOTALL)
_WRITTEN: dict[str, Callable[[datetime], str]] = {
    "yyyy": lambda moment: f"{moment.year:04}",
    "yy": lambda moment: f"{moment.year % 100:02}",
    "MM": lambda moment: f"{moment.month:02}",
    "dd": lambda moment: f"{moment.day:02}",
    "HH": lambda moment: f"{moment.hour:02}",
    "mm": lambda moment: f"{moment.minute:02}",
    "ss": lambda moment: f"{moment.second:02}",
    "SSS": lambda moment: f"{moment.microsecond // 1000:03}",
    "XXX": lambda moment: moment.isoformat()[-6:],
}
_READ = {name: rf"(?P<{name}>[0-9]{{{len(name)}}})" for name in _WRITTEN if name != "XXX"}
_READ["XXX"] = r"(?P<XXX>Z|[+-][0-9]{2}:?[0-9]{2})"
_HOURS = frozenset({"HH", "mm", "ss", "SSS", "XXX"})


@dataclass(frozen=True, slots=True)
class DateFormat:
    """How an application writes a date, and in which time zone it lives."""

    pattern: str
    zone: tzinfo
    _pieces: tuple[tuple[str, str], ...] = ()

    @classmethod
    def compile(cls, pattern: str, zone: str = PARIS) -> DateFormat:
        """ExpressionError, in French, for a format or a time zone that does not exist."""
        try:
            place = ZoneInfo(zone)
        except (ValueError, OSError, LookupError):
            raise ExpressionError(f"Le fuseau horaire « {zone} » n'existe pas ; par exemple : {PARIS}.") from None
        if pattern in NAMED:
            return cls(pattern, place)
        pieces = tuple(_pieces(pattern))
        names = [text for kind, text in pieces if kind == "name"]
        if not names:
            raise ExpressionError("Le format de la date est vide ; par exemple : dd/MM/yyyy HH:mm.")
        if repeated := {name for name in names if names.count(name) > 1}:
            raise ExpressionError(f"Le format de la date répète {', '.join(sorted(repeated))}.")
        return cls(pattern, place, pieces)

    def write(self, value: Any) -> str | int:
        """The application's form of a date or a time of the contract. A date alone stays that day in every zone."""
        moment = self._moment(value)
        if self.pattern == "iso":
            return value if len(value) == 10 else moment.isoformat()
        if self.pattern in NAMED:
            milliseconds = (moment - _EPOCH) // timedelta(milliseconds=1)
            return milliseconds if self.pattern == "epoch_ms" else milliseconds // 1000
        return "".join(_WRITTEN[text](moment) if kind == "name" else text for kind, text in self._pieces)

    def read(self, value: Any) -> str:
        """The contract's form of a date of the application: a date alone when its format has no hour, else RFC 3339."""
        if self.pattern == "iso":
            return value if isinstance(value, str) and len(value) == 10 and self._moment(value) else self._said(value)
        if self.pattern in NAMED:
            return self._since(value)
        if not isinstance(value, str):
            raise ExpressionError(self._refusal())
        pattern = "".join(_READ[text] if kind == "name" else re.escape(text) for kind, text in self._pieces)
        found = re.fullmatch(pattern, value.strip())
        if found is None:
            raise ExpressionError(self._refusal())
        return self._built(found.groupdict())

    def _built(self, parts: dict[str, str]) -> str:
        year = int(parts.get("yyyy") or "20" + parts.get("yy", "00"))
        try:
            day = date(year, int(parts.get("MM", 1)), int(parts.get("dd", 1)))
            if not parts.keys() & _HOURS:
                return day.isoformat()
            hour, minute, second = (int(parts.get(name, 0)) for name in ("HH", "mm", "ss"))
            instant = time(hour, minute, second, int(parts.get("SSS", 0)) * 1000)
            return datetime.combine(day, instant, self._offset(parts)).isoformat()
        except ValueError:
            raise ExpressionError(self._refusal()) from None

    def _offset(self, parts: dict[str, str]) -> tzinfo:
        written = parts.get("XXX")
        if written is None:
            return self.zone
        if written == "Z":
            return UTC
        digits = written[1:].replace(":", "")
        gap = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        return timezone(-gap if written[0] == "-" else gap)

    def _since(self, value: Any) -> str:
        unit = 1000 if self.pattern == "epoch_ms" else 1
        try:
            return (_EPOCH + timedelta(seconds=float(value) / unit)).astimezone(self.zone).isoformat()
        except (TypeError, ValueError, OverflowError):
            raise ExpressionError(self._refusal()) from None

    def _said(self, value: Any) -> str:
        return self._moment(value).isoformat()

    def _moment(self, value: Any) -> datetime:
        try:
            moment = datetime.fromisoformat(value)
            if len(value) == 10 or moment.tzinfo is None:
                return moment.replace(tzinfo=self.zone)
            return moment.astimezone(self.zone)
        except (TypeError, ValueError, OverflowError):
            raise ExpressionError("Ce n'est pas une date (2026-09-01) ni un moment (2026-09-01T08:30:00Z).") from None

    def _refusal(self) -> str:
        return f"Ce n'est pas une date de la forme « {self.pattern} »."


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _pieces(pattern: str) -> list[tuple[str, str]]:
    found = []
    for match in _PIECE.finditer(pattern):
        quoted, name, letters, mark = match.groups()
        if letters:
            raise ExpressionError(
                f"Dans le format de la date, « {letters} » n'est pas connu : écrire yyyy, MM, dd, HH, mm, ss, SSS, "
                "XXX, ou mettre le texte entre apostrophes ('T')."
            )
        found.append(("name", name) if name else ("text", quoted.replace("''", "'") if quoted is not None else mark))
    return found
