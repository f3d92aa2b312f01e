"""What a request left behind when it changed procedure."""

from etoile.design.parts import SummaryRow
from etoile.gru.cases.models import Case
from etoile.gru.requalification import services
from etoile.gru.requalification.fitting import said


def rows(case: Case) -> list[SummaryRow]:
    """The answers set aside the last time, in words. One statement."""
    last = services.last_of(case.pk)
    if last is None:
        return []
    return [SummaryRow(name, lines) for name, lines in said(last.before.definition, services.aside_of(last))]
