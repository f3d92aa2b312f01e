"""Reading what is set apart, and what is about to be. Nothing here writes."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, Value

from etoile.gru.access.models import Account
from etoile.gru.access.queries import teams_of
from etoile.gru.access.rights import Right
from etoile.gru.archive.models import Hold, Slip, SlipLine, Standing
from etoile.gru.archive.rules import Rule
from etoile.gru.cases.apart import in_archives
from etoile.gru.cases.lists.pages import Position
from etoile.gru.cases.lists.scope import Scope
from etoile.gru.cases.models import Case
from etoile.gru.cases.states import FINAL
from etoile.gru.forms.models import ProcedureVersion

# What one page counts of a thing before it says « and more ».
MOST = 1000


def is_set_apart() -> Q:
    return Q(Exists(Standing.objects.filter(case=OuterRef("pk"), archived_at__isnull=False)))


def is_held() -> Q:
    return Q(Exists(Hold.objects.filter(case=OuterRef("pk"), lifted_at=None)))


def is_listed() -> Q:
    return Q(Exists(SlipLine.objects.filter(listed_case=OuterRef("pk")).exclude(state=SlipLine.State.KEPT)))


def archived(scope: Scope) -> QuerySet[Case]:
    """The archived cases that the account of this scope may open (`scope_of(account, "archives.read")`)."""
    return in_archives(scope.reachable()).filter(is_set_apart())


def slips_of(account: Account, right: Right = "archives.read") -> QuerySet[Slip]:
    """The lists of the procedures of one's teams, and those one made: each says whose files end, which is the
    sector's."""
    mine = Q(procedure__team__in=teams_of(account, right)) | Q(proposed_by=account.pk)
    return Slip.objects.filter(mine, authority=account.authority_id)


def ended(scope: Scope, rule: Rule) -> QuerySet[Case]:
    versions = ProcedureVersion.objects.filter(procedure=rule.procedure).values("pk")
    return scope.reachable().filter(procedure_version__in=versions, state__in=sorted(FINAL), decided_at__isnull=False)


def to_tell(cases: QuerySet[Case], before: datetime) -> QuerySet[Case]:
    """Ended before this moment, and not told since: a case that was opened again and ended again is told again."""
    told = Standing.objects.filter(case=OuterRef("pk"))
    known = told.filter(Q(archived_at__isnull=False) | Q(told_at__gte=OuterRef("decided_at")))
    return cases.filter(~Exists(known), ~is_held(), decided_at__lt=before)


def to_list(cases: QuerySet[Case], before: datetime) -> QuerySet[Case]:
    """Archived, past their whole time, held by nobody and on no list yet."""
    return cases.filter(is_set_apart(), ~is_held(), ~is_listed(), decided_at__lt=before)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What one procedure has, each number counted up to `MOST`: leaving the lists within so many days, archived, to
    list for elimination or transfer, kept by a hold."""

    rule: Rule
    leaving: int
    archived: int
    to_list: int
    held: int

    @property
    def is_moving(self) -> bool:
        return bool(self.leaving or self.archived or self.to_list or self.held)


NUMBERS = ("leaving", "archived", "to_list", "held")


def outlooks(scope: Scope, rules: Sequence[Rule], now: datetime, *, days: int) -> list[Outlook]:
    """One line a procedure. One statement, whatever the number of cases and of procedures."""
    if not rules:
        return []
    parts = [
        cases_of(name, scope, rule, now, days=days)
        .order_by()
        .annotate(mark=Value(f"{place} {name}"))
        .values_list("mark")
        for place, rule in enumerate(rules)
        for name in NUMBERS
    ]
    counted = Counter(mark for (mark,) in parts[0][:MOST].union(*(each[:MOST] for each in parts[1:]), all=True))
    return [Outlook(rule, **{name: counted[f"{place} {name}"] for name in NUMBERS}) for place, rule in enumerate(rules)]


def cases_of(name: str, scope: Scope, rule: Rule, now: datetime, *, days: int) -> QuerySet[Case]:
    """The cases that one of `NUMBERS` counts."""
    found = ended(scope, rule)
    match name:
        case "leaving":
            return to_tell(found, rule.leaving_before(now, days=days))
        case "archived":
            return found.filter(is_set_apart())
        case "to_list":
            return to_list(found, rule.over_before(now))
        case "held":
            return found.filter(is_held())
    raise KeyError(name)


def hold_on(case_id: uuid.UUID) -> Hold | None:
    return Hold.objects.select_related("placed_by").filter(case=case_id, lifted_at=None).first()


def oldest(found: QuerySet[Case], *, after: Position | None, limit: int) -> QuerySet[Case]:
    """A page of cases, the first ended first; `after` is the end of the page before: when, and which."""
    if after is not None:
        at, identifier = datetime.fromisoformat(after[0]), after[1]
        found = found.filter(Q(decided_at__gt=at) | Q(decided_at=at, pk__gt=identifier))
    return found.select_related("procedure_version").defer("answers").order_by("decided_at", "pk")[:limit]
