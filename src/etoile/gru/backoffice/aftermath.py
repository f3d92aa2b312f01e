"""What answers that changed leave to an agent: another team is proposed, something is missing. Read in the history."""

from collections.abc import Sequence
from typing import Any

from etoile.gru.cases.views_of_agent import AgentCase

_CHANGES = ("correct", "edit")
# What answers a proposal: it is not made again.
_ANSWERED = ("transfer", "team_kept", "requalify", "transmit")


def panel(view: AgentCase) -> dict[str, Any]:
    """No statement."""
    if not view.case.is_open or "cases.treat" not in view.rights:
        return {}
    return {"proposed": proposed(view), "missing": missing(view)}


def proposed(view: AgentCase) -> dict[str, str]:
    """The team that the answers name, `slug` and `name`; empty when there is none or it is answered."""
    for row in reversed(view.history):
        if row.verb in _ANSWERED:
            return {}
        if row.verb in _CHANGES and "proposed" in row.detail:
            found: dict[str, str] = row.detail["proposed"]
            return found
    return {}


def missing(view: AgentCase) -> Sequence[str]:
    """The questions that want an answer or a file since the answers changed, until something is asked of the person."""
    for row in reversed(view.history):
        if row.verb in _CHANGES and "missing" in row.detail:
            return tuple(row.detail["missing"])
        if row.verb == "document_added" or (row.verb == "wait" and "request" in row.detail):
            return ()
    return ()
