"""From a procedure's field, its answer and its error, to what the design draws: for the portal, the counter, the
designer's preview. The only place where both are known."""

from etoile.gru.filling.questions.base import Question, QuestionRow, identifier, unbroken
from etoile.gru.filling.questions.views import view, views

__all__ = ["Question", "QuestionRow", "identifier", "unbroken", "view", "views"]
