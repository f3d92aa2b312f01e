"""What a request left behind when it changed procedure."""

from etoile.design.parts import SummaryRow
from etoile.gru.backoffice import reading
from etoile.gru.cases.models import Case
from etoile.gru.forms.rows import all_said
from etoile.gru.requalification import services


def rows(case: Case) -> list[SummaryRow]:
    """The answers set aside the last time, in words. One statement."""
    last = services.last_of(case.pk)
    if last is None:
        return []
    return reading.summary(all_said(last.before.definition, services.aside_of(last)))
