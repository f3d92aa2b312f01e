from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields import days
from etoile.gru.forms.fields.base import part
from etoile.gru.forms.fields.date import PIECES, Date, in_words


class TimeSlot(Date):
    """`{date, start, end}`, local time of the authority. Settings: those of `date`."""

    name = "time_slot"
    label = gettext_lazy("Créneau d’une journée")
    widget = "time_slot"
    parts = ("date", "start", "end")
    tokens = ()
    part_tokens: dict[str, str] = {}
    format = gettext_lazy("une date, une heure de début et une heure de fin le même jour")
    example = "12 06 2027, de 14:00 à 18:30"

    def read(self, data: Any, field: Field) -> Any:
        pieces = {name: data.get(f"{field.id}.{name}") for name in self.parts}
        if not pieces["date"]:
            pieces["date"] = {name: data.get(f"{field.id}.date.{name}") for name in PIECES}
        return pieces

    def normalise(self, raw: Any, field: Field) -> Any:
        day = self.day(part(raw, "date"))
        start, end = days.clock(part(raw, "start")), days.clock(part(raw, "end"))
        return {"date": day or "", "start": start, "end": end} if (day or start or end) else None

    def check(self, value: Any, field: Field) -> str | None:
        if self.unreadable(value["date"]):
            return self.wrong(field, _("la date n’est pas valable."))
        if not days.whole(value["start"]) or not days.whole(value["end"]):
            return self.wrong(field, _("l’heure de début ou de fin n’est pas valable."))
        if value["end"] <= value["start"]:
            return self.wrong(field, _("l’heure de fin doit suivre l’heure de début."))
        return self.within(value["date"], field)

    def summary(self, value: Any, field: Field) -> str:
        if not isinstance(value, dict):
            return ""
        return _("%(day)s, de %(start)s à %(end)s") % {
            "day": in_words(value["date"]),
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


TYPE = TimeSlot()
