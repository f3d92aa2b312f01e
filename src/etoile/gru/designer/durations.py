"""A duration as a person writes it (« 2 mois », « 1 an et 6 mois ») and as a definition keeps it (P2M, P1Y6M)."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

_ISO = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?")
_PART = r"(\d{{1,4}})\s*(?:{0})"
_WRITTEN = re.compile(
    rf"(?:{_PART.format('ans?|années?|years?')})?[\s,]*(?:et|and)?\s*"
    rf"(?:{_PART.format('mois|months?')})?[\s,]*(?:et|and)?\s*"
    rf"(?:{_PART.format('jours?|days?|j|d')})?",
    re.IGNORECASE,
)


class DurationField(forms.CharField):
    """Gives ISO 8601, empty when nothing is written."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, max_length=40, **{"required": False, **kwargs})

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        found = _WRITTEN.fullmatch(text or "")
        if text and (found is None or not any(found.groups())):
            raise ValidationError(_("Écrivez un nombre et une unité, en jours, mois ou ans. Exemple : 2 mois"))
        years, months, days = found.groups() if text and found else (None, None, None)
        parts = ((years, "Y"), (months, "M"), (days, "D"))
        written = "".join(f"{int(number)}{unit}" for number, unit in parts if number)
        return f"P{written}" if written else ""

    def prepare_value(self, value: Any) -> Any:
        return said(value) if isinstance(value, str) and _ISO.fullmatch(value) else value


def said(iso: str) -> str:
    """P1Y6M as « 1 an et 6 mois »."""
    found = _ISO.fullmatch(iso or "")
    if found is None:
        return ""
    years, months, days = (int(number) if number else None for number in found.groups())
    parts = [
        ngettext("%(count)d an", "%(count)d ans", years) % {"count": years} if years is not None else "",
        ngettext("%(count)d mois", "%(count)d mois", months) % {"count": months} if months is not None else "",
        ngettext("%(count)d jour", "%(count)d jours", days) % {"count": days} if days is not None else "",
    ]
    return str(gettext_lazy(" et ")).join(part for part in parts if part)
