"""Dates and time slots. Kept in ISO 8601; a slot is local time of the authority: `{date, start, end}`."""

import re
from datetime import date, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.base import FieldType, cleaned_text, part

_FRENCH = re.compile(r"([0-9]{1,2})[/. -]([0-9]{1,2})[/. -]([0-9]{4})")
_TIME = re.compile(r"([01]?[0-9]|2[0-3])\s*(?:[:hH]\s*([0-5][0-9])?)(?::[0-5][0-9])?")


class Date(FieldType):
    """Three boxes (day, month, year): the way that works with every assistive technology for dates one knows by
    heart.
    """

    name = "date"
    widget = "date"
    parts = ("day", "month", "year")
    tokens = ("bday",)
    part_tokens = {"day": "bday-day", "month": "bday-month", "year": "bday-year"}
    format = gettext_lazy("jour, mois, année en chiffres")
    example = "24 08 1962"
    settings = {"when": str, "min_days": int, "max_days": int, "example": (str, dict)}
    moments = ("past", "future", "any")

    def read(self, data: Any, field: Field) -> Any:
        whole = data.get(field.id)
        return whole if whole else super().read(data, field)

    def normalise(self, raw: Any, field: Field) -> Any:
        """ISO text; `{day, month, year}` kept as given when it makes no date, so that nothing typed is lost."""
        if isinstance(raw, str):
            text = cleaned_text(raw)
            found = _FRENCH.fullmatch(text) if text else None
            return _iso(found[3], found[2], found[1]) or text if found else text
        pieces = {name: cleaned_text(part(raw, name)) or "" for name in self.parts}
        if not any(pieces.values()):
            return None
        return _iso(pieces["year"], pieces["month"], pieces["day"]) or pieces

    def check(self, value: Any, field: Field) -> str | None:
        if isinstance(value, dict):
            words = {"day": _("le jour"), "month": _("le mois"), "year": _("l’année")}
            absent = [words[name] for name in self.parts if not value.get(name)]
            reason = (
                _("il manque %(parts)s.") % {"parts": ", ".join(absent)} if absent else _("cette date n’existe pas.")
            )
            return self.wrong(field, reason)
        day = _parsed(value)
        if day is None:
            return self.wrong(field, _("cette date n’existe pas."))
        return self._within(day, field)

    def _within(self, day: date, field: Field) -> str | None:
        today, when = timezone.localdate(), field.settings.get("when", "any")
        if when == "past" and day > today:
            return self.wrong(field, _("cette date doit être passée."))
        if when == "future" and day < today:
            return self.wrong(field, _("cette date doit être à venir."))
        earliest, latest = field.settings.get("min_days"), field.settings.get("max_days")
        if earliest is not None and day < today + timedelta(days=earliest):
            first = date_format(today + timedelta(days=earliest), "j F Y")
            return self.wrong(field, _("la première date possible est le %(day)s.") % {"day": first})
        if latest is not None and day > today + timedelta(days=latest):
            last = date_format(today + timedelta(days=latest), "j F Y")
            return self.wrong(field, _("la dernière date possible est le %(day)s.") % {"day": last})
        return None

    def summary(self, value: Any, field: Field) -> str:
        day = _parsed(value)
        return date_format(day, "j F Y") if day else ""

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "string", "format": "date"}

    def inconsistencies(self, field: Field) -> list[str]:
        found = super().inconsistencies(field)
        if field.settings.get("when", "any") not in self.moments:
            found.append("« when » vaut past, future ou any")
        return found


class TimeSlot(Date):
    name = "time_slot"
    widget = "time_slot"
    parts = ("date", "start", "end")
    tokens = ()
    part_tokens: dict[str, str] = {}
    format = gettext_lazy("une date, une heure de début et une heure de fin le même jour")
    example = "12 06 2027, de 14:00 à 18:30"

    def read(self, data: Any, field: Field) -> Any:
        pieces = {name: data.get(f"{field.id}.{name}") for name in self.parts}
        if not pieces["date"]:
            pieces["date"] = {name: data.get(f"{field.id}.date.{name}") for name in Date.parts}
        return pieces

    def normalise(self, raw: Any, field: Field) -> Any:
        day = Date.normalise(self._date(), part(raw, "date"), field)
        start, end = _clock(part(raw, "start")), _clock(part(raw, "end"))
        return {"date": day or "", "start": start, "end": end} if (day or start or end) else None

    def _date(self) -> Date:
        return _DATE

    def check(self, value: Any, field: Field) -> str | None:
        day = _parsed(value["date"])
        if day is None:
            return self.wrong(field, _("la date n’est pas valable."))
        if not _whole(value["start"]) or not _whole(value["end"]):
            return self.wrong(field, _("l’heure de début ou de fin n’est pas valable."))
        if value["end"] <= value["start"]:
            return self.wrong(field, _("l’heure de fin doit suivre l’heure de début."))
        return self._within(day, field)

    def summary(self, value: Any, field: Field) -> str:
        if not isinstance(value, dict):
            return ""
        return _("%(day)s, de %(start)s à %(end)s") % {
            "day": super().summary(value["date"], field),
            "start": value["start"],
            "end": value["end"],
        }

    def schema(self, field: Field) -> dict[str, Any]:
        clock = {"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$"}
        return {
            "type": "object",
            "properties": {"date": {"type": "string", "format": "date"}, "start": clock, "end": clock},
            "required": list(self.parts),
            "additionalProperties": False,
        }


def _iso(year: str, month: str, day: str) -> str | None:
    if not all(piece.isascii() and piece.isdigit() for piece in (year, month, day)) or len(year) != 4:
        return None
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _parsed(value: Any) -> date | None:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if day.year >= 1000 else None


def _clock(raw: Any) -> str:
    """`14:00`, from `14h`, `14 h 00`, `14:00:00`; what cannot be read stays as typed."""
    text = cleaned_text(raw)
    if text is None:
        return ""
    found = _TIME.fullmatch(text)
    return f"{int(found[1]):02d}:{found[2] or '00'}" if found else text


def _whole(text: str) -> bool:
    try:
        time.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 5


_DATE = Date()
TYPES = (_DATE, TimeSlot())
