"""What the page of a case shows of what agents keep beside it."""

from dataclasses import dataclass

from etoile.gru.access.models import Account
from etoile.gru.cases.lists.scope import scope_of
from etoile.gru.cases.views_of_agent import AgentCase
from etoile.gru.desk import labels, notes, relations, replies, watching
from etoile.gru.desk.labels import Offered
from etoile.gru.desk.models import Note, Reply
from etoile.gru.desk.relations import Related


@dataclass(frozen=True, slots=True)
class Beside:
    """`labels` are those the case has, then those it may have."""

    notes: list[Note]
    watched: bool
    labels: list[Offered]
    replies: list[Reply]
    near: Related

    @property
    def put(self) -> list[str]:
        return [each.label.name for each in self.labels if each.on]


def beside(view: AgentCase, account: Account) -> Beside:
    """Eight statements; one more when a watched case moved: showing it is reading its news."""
    case = view.case
    return Beside(
        notes=notes.of_case(case),
        watched=watching.look(case, account),
        labels=labels.on_case(case),
        replies=replies.of_team(case.team_id) if view.rights else [],
        near=relations.related(case, scope_of(account)),
    )
