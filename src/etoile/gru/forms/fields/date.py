from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.design.moments import spelled
from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields import days
from etoile.gru.forms.fields.base import FieldType, cleaned_text, part

PIECES = ("day", "month", "year")


class Date(FieldType):
    """Three boxes (day, month, year): the way that works with every assistive technology for dates one knows by
    heart. A month may be named, and a whole date written in the first box.

    Settings: `when` (`past`, `future`), `min_days` and `max_days` from today, `example`.
    """

    name = "date"
    label = gettext_lazy("Date")
    family = "time"
    widget = "date"
    parts: tuple[str, ...] = PIECES
    tokens: tuple[str, ...] = ("bday",)
    part_tokens = {"day": "bday-day", "month": "bday-month", "year": "bday-year"}
    format: Any = gettext_lazy("jour, mois, année en chiffres")
    example = "24 08 1962"
    settings: Any = {"when": str, "min_days": int, "max_days": int, "example": (str, dict)}
    moments = ("past", "future", "any")

    def read(self, data: Any, field: Field) -> Any:
        whole = data.get(field.id)
        return whole if whole else super().read(data, field)

    def normalise(self, raw: Any, field: Field) -> Any:
        """ISO text; `{day, month, year}` kept as given when it makes no date, so that nothing typed is lost."""
        return self.day(raw)

    def day(self, raw: Any) -> Any:
        if isinstance(raw, str):
            text = cleaned_text(raw)
            return (days.written(text) or text) if text else None
        pieces = {name: cleaned_text(part(raw, name)) or "" for name in PIECES}
        if not any(pieces.values()):
            return None
        alone = pieces["day"] if not pieces["month"] and not pieces["year"] else ""
        return days.written(alone) or days.of_pieces(**pieces) or pieces

    def check(self, value: Any, field: Field) -> str | None:
        if reason := self.unreadable(value):
            return self.wrong(field, reason)
        return self.within(value, field)

    def unreadable(self, value: Any) -> str:
        """Why it is no date; empty when it is one."""
        if days.day_of(value):
            return ""
        if isinstance(value, dict):
            words = {"day": _("le jour"), "month": _("le mois"), "year": _("l’année")}
            absent = [words[name] for name in PIECES if not value.get(name)]
            if absent:
                return _("il manque %(parts)s.") % {"parts": ", ".join(absent)}
            if len(value["year"]) != 4:
                return _("l’année s’écrit avec quatre chiffres.")
        return _("cette date n’existe pas.")

    def within(self, value: str, field: Field) -> str | None:
        """Whether a day (ISO) is between the limits of the field, and the sentence when it is not."""
        day = date.fromisoformat(value)
        today, when = timezone.localdate(), field.settings.get("when", "any")
        if when == "past" and day > today:
            return self.wrong(field, _("cette date doit être passée."))
        if when == "future" and day < today:
            return self.wrong(field, _("cette date doit être à venir."))
        earliest, latest = field.settings.get("min_days"), field.settings.get("max_days")
        if earliest is not None and day < today + timedelta(days=earliest):
            first = spelled(today + timedelta(days=earliest), "j F Y")
            return self.wrong(field, _("la première date possible est le %(day)s.") % {"day": first})
        if latest is not None and day > today + timedelta(days=latest):
            last = spelled(today + timedelta(days=latest), "j F Y")
            return self.wrong(field, _("la dernière date possible est le %(day)s.") % {"day": last})
        return None

    def summary(self, value: Any, field: Field) -> str:
        return in_words(value)

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "string", "format": "date"}

    def inconsistencies(self, field: Field) -> list[str]:
        found = super().inconsistencies(field)
        if field.settings.get("when", "any") not in self.moments:
            found.append("« when » vaut past, future ou any")
        earliest, latest = field.settings.get("min_days"), field.settings.get("max_days")
        if earliest is not None and latest is not None and earliest > latest:
            found.append("« min_days » dépasse « max_days »")
        return found


def in_words(value: Any) -> str:
    """`24 août 1962`; what is no day is given back as it was typed."""
    day = days.day_of(value)
    if day is None and isinstance(value, dict):
        return "/".join(str(value.get(name) or "") for name in PIECES)
    return spelled(day, "j F Y") if day else str(value or "")


TYPE = Date()
