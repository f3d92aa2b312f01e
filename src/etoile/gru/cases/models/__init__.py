"""Tables of the cases room."""

from etoile.gru.cases.models.case import Case
from etoile.gru.cases.models.exchanges import Decision, DocumentRequest, Handoff, Message, SourcePosition
from etoile.gru.cases.models.history import History
from etoile.gru.cases.models.lists import SavedList
from etoile.gru.cases.models.search import CaseWords

__all__ = [
    "Case",
    "CaseWords",
    "Decision",
    "DocumentRequest",
    "Handoff",
    "History",
    "Message",
    "SavedList",
    "SourcePosition",
]
