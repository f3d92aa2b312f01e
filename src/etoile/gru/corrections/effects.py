"""What a change of answers changes besides them: the price, the team, the steps open to agents, what is still wanted.

Both sides are computed now, from the answers as they were and as they would be: what a formula reads of the day is no
change of answers.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import translation

from etoile.gru.access.models import Team
from etoile.gru.cases import resending
from etoile.gru.cases.workflow.rules import workflow_of
from etoile.gru.corrections.revised import Revised
from etoile.gru.forms.decisions import Quote, quote, team_of, worked_out
from etoile.gru.forms.evaluation import holds
from etoile.gru.forms.fields import TYPES


@dataclass(frozen=True, slots=True)
class Effects:
    """`reroutes`: the answers name another team than before; `team`, when it is not the one in charge; `moves`: the
    request goes to it by itself, since nobody treats it, else it is proposed. `holder` is an application that has the
    request; `again`: none has it, and it is published once more for today's receiver. `wants_else`: other questions are
    required than before; `missing` are the labels of those that have no answer, `unneeded` of files that are asked no
    more; `opened` and `closed` are names of steps."""

    before: Quote
    after: Quote
    reroutes: bool
    team: Team | None
    moves: bool
    holder: str
    again: bool
    wants_else: bool
    missing: tuple[str, ...]
    unneeded: tuple[str, ...]
    opened: tuple[str, ...]
    closed: tuple[str, ...]

    @property
    def proposed(self) -> dict[str, str] | None:
        """The team proposed to the agent; none says that a proposal is over, None that nothing changes."""
        if self.team is None or self.moves:
            return {} if self.reroutes else None
        return {"slug": self.team.slug, "name": self.team.name}

    @property
    def is_unknown(self) -> bool:
        """The price cannot be worked out: nothing follows it."""
        return bool(self.after.unknown)

    @property
    def prices(self) -> tuple[int, int]:
        """Before and after, in cents; twice the same when nothing follows."""
        return worked_out(self.before, self.after)

    @property
    def price(self) -> Quote | None:
        """The new one, when there is one."""
        before, after = self.prices
        return self.after if before != after else None


def effects(revised: Revised) -> Effects:
    """Four statements at most: the other team, the applications."""
    case, definition = revised.case, revised.definition
    was, becomes = revised.was, revised.becomes
    former, slug = team_of(definition, was), team_of(definition, becomes)
    team = None
    if slug != former:
        team = Team.objects.select_related("sector").filter(authority=case.authority_id, slug=slug).first()
    if team is not None and team.pk == case.team_id:
        team = None
    holder, is_followed = resending.holder(case), resending.is_followed(case.procedure_version)
    again = is_followed and not holder and resending.is_with_nobody(case)
    # A request that somebody sent elsewhere by hand is not called back by a rule.
    is_there = case.team is not None and case.team.slug == former
    is_free = is_there and not case.assignee_id and (again if is_followed else not holder)
    with translation.override(case.language):
        return Effects(
            quote(definition, was),
            quote(definition, becomes),
            slug != former,
            team,
            team is not None and is_free,
            holder,
            again,
            was.required != becomes.required,
            _labels(revised, becomes.required - becomes.values.keys()),
            _labels(revised, (name for name in was.visible - becomes.visible if revised.held.get(name))),
            *_steps(revised),
        )


def _labels(revised: Revised, names: Iterable[str]) -> tuple[str, ...]:
    """In the order of the form; those of rows belong to their block."""
    known = set(names)
    return tuple(
        str(each.label)
        for each in revised.definition.fields
        if each.id in known and not each.applicant and TYPES[each.type].answered
    )


def _steps(revised: Revised) -> tuple[tuple[str, ...], tuple[str, ...]]:
    here = [each for each in workflow_of(revised.case).moves if each.when and revised.case.state in each.origins]
    was = {each.id for each in here if holds(each.when, revised.current)}
    becomes = {each.id for each in here if holds(each.when, revised.fresh)}
    opened = tuple(str(each.label) for each in here if each.id in becomes - was)
    return opened, tuple(str(each.label) for each in here if each.id in was - becomes)
