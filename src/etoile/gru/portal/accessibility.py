"""The statement of accessibility (RGAA, mandatory format) from the authority's record of its last audit.

Without an audit, or with one older than three years, the law's word is « non conforme ».
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from etoile.gru.access.models import Authority

VALIDITY = timedelta(days=3 * 365)
_WORDS: dict[str, str | Promise] = {
    "full": _("totalement conforme"),
    "partial": _("partiellement conforme"),
    "none": _("non conforme"),
}
_MENTIONS: dict[str, str | Promise] = {
    "full": _("Accessibilité : totalement conforme"),
    "partial": _("Accessibilité : partiellement conforme"),
    "none": _("Accessibilité : non conforme"),
}


@dataclass(frozen=True, slots=True)
class Statement:
    """What the mandatory format asks for. `rate` is the share of criteria met, in percent; None without an audit."""

    rate: float | None = None
    audited_on: date | None = None
    auditor: str = ""
    failures: tuple[str, ...] = ()
    exemptions: tuple[str, ...] = ()
    out_of_scope: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    plan_address: str = ""
    technologies: tuple[str, ...] = field(default=("HTML5", "CSS", "SVG"))

    @property
    def level(self) -> str:
        if self.rate is None or self.audited_on is None or timezone.localdate() - self.audited_on > VALIDITY:
            return "none"
        return "full" if self.rate >= 100 else "partial" if self.rate >= 50 else "none"

    @property
    def words(self) -> str | Promise:
        return _WORDS[self.level]

    @property
    def mention(self) -> str | Promise:
        return _MENTIONS[self.level]


def of(authority: Authority) -> Statement:
    """Read from `authority.theme["accessibility"]`; what is absent or unreadable counts as not audited."""
    record = authority.theme.get("accessibility") if isinstance(authority.theme, Mapping) else None
    if not isinstance(record, Mapping):
        return Statement()
    rate = record.get("rate")
    return Statement(
        rate=float(rate) if isinstance(rate, int | float) and not isinstance(rate, bool) else None,
        audited_on=_day(record.get("audited_on")),
        auditor=str(record.get("auditor", "")),
        **{name: _lines(record.get(name)) for name in ("failures", "exemptions", "out_of_scope", "pages")},
        plan_address=str(record.get("plan_address", "")),
    )


def _lines(raw: Any) -> tuple[str, ...]:
    return tuple(str(each) for each in raw) if isinstance(raw, list) else ()


def _day(raw: Any) -> date | None:
    try:
        return date.fromisoformat(str(raw))
    except ValueError:
        return None
