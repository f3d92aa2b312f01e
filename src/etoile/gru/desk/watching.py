"""What an agent keeps an eye on: cases of others too, and what moved on them since they last looked."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from etoile.gru.access.models import Account
from etoile.gru.cases.lists.scope import Scope
from etoile.gru.cases.models import Case, History
from etoile.gru.desk.models import Watch

# A page of news, and how much is told of each case.
MOST, TOLD = 50, 5


@dataclass(frozen=True, slots=True)
class Moved:
    """A watched case and its last rows of history that the agent has not read, newest first; `more`: others before."""

    case: Case
    rows: tuple[History, ...]
    more: bool


def watch(case: Case, account: Account) -> None:
    """From now on; done twice, it is done once."""
    Watch.objects.get_or_create(case=case, account=account, defaults={"seen": case.history_number})


def unwatch(case: Case, account: Account) -> None:
    Watch.objects.filter(case=case, account=account).delete()


def look(case: Case, account: Account) -> bool:
    """The agent opens the case: they have seen what moved. Whether they watch it. One statement, two when it moved."""
    seen = Watch.objects.filter(case=case, account=account).values_list("seen", flat=True).first()
    if seen is not None and seen < case.history_number:
        Watch.objects.filter(case=case, account=account).update(seen=case.history_number)
    return seen is not None


def look_at_all(account: Account, cases: Iterable[tuple[UUID, int]]) -> None:
    """All that the page of news showed (case, number of the last row shown) is read; what came meanwhile is not, nor
    what is still to come."""
    for case_id, number in cases:
        known = Watch.objects.filter(account=account, case=case_id, case__history_number__gte=number)
        known.filter(seen__lt=number).update(seen=number)


def of(account: int | None) -> Q:
    """The cases that an account watches, as a criterion of a list."""
    return Q(pk__in=Watch.objects.filter(account=account).values("case"))


def moved_count(scope: Scope, *, most: int) -> int:
    """How many watched cases have news, `most` meaning « that many or more ». One statement."""
    return _moved(scope)[:most].count()


def moved(scope: Scope) -> list[Moved]:
    """The last that moved first. Two statements, whatever happened."""
    watches = {each.case_id: each for each in _moved(scope).order_by("-case__updated_at", "-case_id")[:MOST]}
    if not watches:
        return []
    news: dict[UUID, list[History]] = defaultdict(list)
    recent = F("case__history_number") - TOLD
    found = History.objects.filter(case__in=watches, number__gt=recent).order_by("-number")
    for row in found:
        if row.number > watches[row.case_id].seen:
            news[row.case_id].append(row)
    return [
        Moved(watched.case, tuple(news[case]), more=watched.case.history_number - watched.seen > TOLD)
        for case, watched in watches.items()
    ]


def _moved(scope: Scope) -> QuerySet[Watch]:
    """Watched cases that the agent may still see, on which somebody else did something since."""
    others = Q(account=None) | ~Q(account=scope.account)
    news = History.objects.filter(others, case=OuterRef("case"), number__gt=OuterRef("seen"))
    held = Watch.objects.filter(account=scope.account, case__in=scope.cases(), case__history_number__gt=F("seen"))
    return (
        held.filter(Exists(news))
        .select_related("case__procedure_version", "case__team", "case__assignee")
        .defer("case__answers", "case__procedure_version__source")
    )
