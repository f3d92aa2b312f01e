from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.base import part
from etoile.gru.forms.fields.date import PIECES, Date, in_words


class Period(Date):
    """`{start, end}`, both days included. Settings: those of `date`, about its first day; `longest`, in days."""

    name = "period"
    label = gettext_lazy("Période")
    widget = "period"
    parts = ("start", "end")
    tokens = ()
    part_tokens: dict[str, str] = {}
    format = gettext_lazy("une date de début et une date de fin")
    example = "du 12 06 2027 au 14 06 2027"
    settings = {**Date.settings, "longest": int}

    def read(self, data: Any, field: Field) -> Any:
        return {
            name: data.get(f"{field.id}.{name}") or {each: data.get(f"{field.id}.{name}.{each}") for each in PIECES}
            for name in self.parts
        }

    def normalise(self, raw: Any, field: Field) -> Any:
        start, end = (self.day(part(raw, name)) for name in self.parts)
        return {"start": start or "", "end": end or ""} if (start or end) else None

    def check(self, value: Any, field: Field) -> str | None:
        if self.unreadable(value["start"]):
            return self.wrong(field, _("la date de début n’est pas valable."))
        if self.unreadable(value["end"]):
            return self.wrong(field, _("la date de fin n’est pas valable."))
        lasts = (date.fromisoformat(value["end"]) - date.fromisoformat(value["start"])).days + 1
        if lasts < 1:
            return self.wrong(field, _("la date de fin précède celle du début."))
        most = field.settings.get("longest")
        if most is not None and lasts > most:
            words = ngettext(
                "cette période dépasse %(count)d jour.", "cette période dépasse %(count)d jours.", most
            ) % {"count": most}  # fmt: skip
            return self.wrong(field, words)
        return self.within(value["start"], field)

    def summary(self, value: Any, field: Field) -> str:
        if not isinstance(value, dict):
            return ""
        return _("du %(start)s au %(end)s") % {"start": in_words(value["start"]), "end": in_words(value["end"])}

    def schema(self, field: Field) -> dict[str, Any]:
        day = {"type": "string", "format": "date"}
        return {
            "type": "object",
            "properties": {"start": day, "end": day},
            "required": list(self.parts),
            "additionalProperties": False,
        }


TYPE = Period()
