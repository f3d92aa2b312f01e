import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields import days
from etoile.gru.forms.fields.base import cleaned_text, part
from etoile.gru.forms.fields.date import PIECES, Date, in_words

_WRITTEN = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}|.*?[0-9]{4})(?:T|,? (?:à )?)(.+)")


class DateTime(Date):
    """A day and an hour, local time of the authority: `2027-06-12T14:30`. Settings: those of `date`."""

    name = "date_time"
    label = gettext_lazy("Date et heure")
    widget = "date_time"
    parts = (*PIECES, "time")
    tokens = ()
    part_tokens: dict[str, str] = {}
    format = gettext_lazy("jour, mois, année et heure")
    example = "12/06/2027 14:30"

    def normalise(self, raw: Any, field: Field) -> Any:
        """`{date, time}` as typed when it makes no moment."""
        if isinstance(raw, str):
            text = cleaned_text(raw) or ""
            found = _WRITTEN.fullmatch(text)
            raw = {"date": found[1], "time": found[2]} if found else {"date": text}
        day = self.day(part(raw, "date")) or self.day(raw)
        hour = days.clock(part(raw, "time"))
        if not (day or hour):
            return None
        return f"{day}T{hour}" if days.day_of(day) and days.whole(hour) else {"date": day or "", "time": hour}

    def check(self, value: Any, field: Field) -> str | None:
        day, hour = split(value)
        if reason := self.unreadable(day):
            return self.wrong(field, _("il manque la date.") if not day else reason)
        if not days.whole(hour):
            return self.wrong(field, _("l’heure n’est pas valable."))
        return self.within(day, field)

    def summary(self, value: Any, field: Field) -> str:
        day, hour = split(value)
        return _("%(day)s à %(time)s") % {"day": in_words(day), "time": hour} if value else ""

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-2][0-9]:[0-5][0-9]$"}


def split(value: Any) -> tuple[Any, str]:
    """The day and the hour of what is kept, right or wrong."""
    if isinstance(value, dict):
        return value.get("date"), str(value.get("time") or "")
    day, _mark, hour = str(value or "").partition("T")
    return day, hour


TYPE = DateTime()
