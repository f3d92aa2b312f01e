"""What an account may see, read once a page rather than in each of its statements."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from etoile.gru.absences.queries import replaced_by
from etoile.gru.access.models import Account, Team
from etoile.gru.access.queries import teams_of
from etoile.gru.access.rights import Right
from etoile.gru.cases.apart import in_use
from etoile.gru.cases.models import Case


@dataclass(frozen=True, slots=True)
class Scope:
    """The teams whose cases an account may see, by name; their sectors follow. No team: nothing is seen."""

    authority: int | None
    account: int | None
    teams: tuple[Team, ...]
    # Those whom the account stands in for today, by primary key.
    replaced: tuple[int, ...] = ()

    @property
    def followers(self) -> tuple[int | None, ...]:
        """Whose cases are « mine »."""
        return (self.account, *self.replaced)

    def cases(self) -> QuerySet[Case]:
        """The same cases as `queries.visible_to`: written with the identifiers, the planner knows how many they are."""
        return in_use(self.reachable())

    def reachable(self) -> QuerySet[Case]:
        """Those set apart too, as `queries.reachable_by`."""
        return Case.objects.filter(self.within())

    def within(self) -> Q:
        """As a condition on whatever has the authority, the sector and the team of cases."""
        sectors = {team.sector_id for team in self.teams}
        mine = Q(sector__in=sectors) | Q(team__in=[team.pk for team in self.teams])
        return mine & Q(authority=self.authority)


def scope_of(account: Account | AnonymousUser, right: Right = "cases.read") -> Scope:
    """One statement."""
    teams = teams_of(account, right).annotate(replaced=replaced_by(account.pk)).order_by("name", "pk")
    found = tuple(teams)
    return Scope(getattr(account, "authority_id", None), account.pk, found, tuple(found[0].replaced) if found else ())
