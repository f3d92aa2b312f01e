"""What a request left behind when it changed procedure."""

from etoile.design.parts import SummaryRow
from etoile.gru.backoffice import reading
from etoile.gru.cases.views_of_agent import AgentCase
from etoile.gru.forms.rows import all_said
from etoile.gru.requalification import services


def rows(view: AgentCase) -> list[SummaryRow]:
    """The answers set aside the last time, in words. One statement, none for a case that never changed procedure."""
    last = services.last_of(view.case.pk) if view.has(services.VERB) else None
    if last is None:
        return []
    return reading.summary(all_said(last.before.definition, services.aside_of(last)))
