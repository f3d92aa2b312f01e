"""What the page of an ended case says of its keeping."""

from typing import Any

from etoile.gru.archive.queries import hold_on
from etoile.gru.backoffice.archives.forms import Hold
from etoile.gru.cases.views_of_agent import AgentCase


def kept(view: AgentCase) -> dict[str, Any]:
    """One statement; none, and nothing, while the case is open or for whoever does not treat it."""
    if view.case.is_open or "cases.treat" not in view.rights:
        return {}
    return {"may_hold": True, "hold": hold_on(view.case.pk), "hold_form": Hold()}
