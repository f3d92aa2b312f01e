"""The mention of the footer, computed: what the law lets a site say of itself today."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from etoile.design.statement.record import Record

VALID_YEARS = 3
AFTER_A_NEW_REFERENCE_MONTHS = 18
WARNING = timedelta(days=90)

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
class Standing:
    """`level` is `full`, `partial` or `none`. `expires_on` is the last day an audit counts; None without one."""

    level: str
    expires_on: date | None = None
    expired: bool = False
    warned: bool = False

    @property
    def words(self) -> str | Promise:
        return _WORDS[self.level]

    @property
    def mention(self) -> str | Promise:
        return _MENTIONS[self.level]


NOT_AUDITED = Standing("none")


def standing(record: Record | None, today: date) -> Standing:
    """Where the product of this record stands today."""
    if record is None or record.audit is None:
        return NOT_AUDITED
    return judged(record.audit.conforming, record.audit.failing, last_day(record), today)


def judged(conforming: int, failing: int, last: date | None, today: date) -> Standing:
    """The same from the counts of the audit and its last day of validity: past it, « non conforme » whatever the
    rate."""
    if last is None:
        return NOT_AUDITED
    expired = today > last
    return Standing("none" if expired else _level(conforming, failing), last, expired, today >= last - WARNING)


def last_day(record: Record) -> date | None:
    """Three years after the audit, or eighteen months after the reference changed since, whichever comes first."""
    if record.audit is None:
        return None
    last = months_after(record.audit.day, 12 * VALID_YEARS)
    changed = record.reference_changed_on
    if changed is not None and changed > record.audit.day:
        last = min(last, months_after(changed, AFTER_A_NEW_REFERENCE_MONTHS))
    return last


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for missing in range(4):
        try:
            return date(year, month + 1, day.day - missing)
        except ValueError:
            continue
    raise ValueError(day)


def _level(conforming: int, failing: int) -> str:
    """Counted in criteria, never on a rounded rate: 99.96 % is not « totalement »."""
    if conforming == 0:
        return "none"
    if failing == 0:
        return "full"
    return "partial" if conforming >= failing else "none"
