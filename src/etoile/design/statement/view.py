"""A record on a given day, as the template prints it."""

import math
from dataclasses import dataclass
from datetime import date

from django.utils import formats

from etoile.design.statement.record import Record
from etoile.design.statement.standing import Standing, standing


@dataclass(frozen=True, slots=True)
class View:
    record: Record
    standing: Standing

    @property
    def rate(self) -> str:
        return _percent(self.record.audit.rate) if self.record.audit else ""

    @property
    def mean_rate(self) -> str:
        mean = self.record.audit.mean_rate if self.record.audit else None
        return "" if mean is None else _percent(mean)


def view(record: Record, today: date) -> View:
    return View(record, standing(record, today))


def _percent(rate: float) -> str:
    """One decimal, cut rather than rounded: 99.96 is never read 100."""
    cut = math.floor(round(rate, 6) * 10) / 10
    return formats.number_format(cut, decimal_pos=0 if cut == int(cut) else 1)
