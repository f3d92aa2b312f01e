"""Ratings read again: figures a procedure, comments, the average that the portal shows."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Avg, Count, Q, QuerySet
from django.utils import timezone

from etoile.gru.access.models import Account
from etoile.gru.access.queries import teams_of
from etoile.gru.forms.models import Procedure
from etoile.gru.forms.texts import NOTHING, Text
from etoile.gru.ratings.models import BEST, WORST, CommentState, Rating

SINCE = timedelta(days=365)
# Under it an average would say more of two people than of the procedure.
ENOUGH = 20
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Average:
    """`mean` from 1 to 5, of `ratings` given within a year."""

    mean: float
    ratings: int


@dataclass(frozen=True, slots=True)
class Figures:
    """A procedure over a year; `spread` has how many gave 1, 2, … 5."""

    procedure: Text
    average: Average
    spread: tuple[int, ...]


def of_case(case_id: uuid.UUID) -> Rating | None:
    return Rating.objects.filter(case_id=case_id).first()


def average(procedure: Procedure) -> Average | None:
    """None under twenty ratings. One statement, an index read."""
    found = _lately(Rating.objects.filter(procedure=procedure)).aggregate(mean=Avg("score"), ratings=Count("pk"))
    return Average(float(found["mean"]), found["ratings"]) if found["ratings"] >= ENOUGH else None


def figures(account: Account) -> list[Figures]:
    """Of the procedures rated within a year in the teams whose cases this account reads; the lowest mean first. Two
    statements, whatever the volume."""
    spread = {f"n{score}": Count("pk", filter=Q(score=score)) for score in range(WORST, BEST + 1)}
    mine = Rating.objects.filter(team__in=teams_of(account).values("pk"))
    rows = list(_lately(mine).values("procedure").annotate(mean=Avg("score"), ratings=Count("pk"), **spread))
    asked = Procedure.objects.select_related("current").filter(pk__in=[row["procedure"] for row in rows])
    names = {each.pk: each.current.name for each in asked.defer("current__source") if each.current}
    found = [
        Figures(
            names.get(row["procedure"], NOTHING),
            Average(float(row["mean"]), row["ratings"]),
            tuple(row[name] for name in spread),
        )
        for row in rows
    ]
    return sorted(found, key=lambda figures: (figures.average.mean, str(figures.procedure)))


def comments(account: Account, state: CommentState) -> Sequence[Rating]:
    """The last comments of this state: those to read for whoever moderates, those kept for whoever reads the cases."""
    right = "ratings.moderate" if state == CommentState.TO_READ else "cases.read"
    found = Rating.objects.filter(team__in=teams_of(account, right).values("pk"), comment_state=state)
    return list(
        found.select_related("procedure__current").defer("procedure__current__source").order_by("-rated_at")[:SHOWN]
    )


def _lately(ratings: QuerySet[Rating]) -> QuerySet[Rating]:
    return ratings.filter(rated_at__gte=timezone.now() - SINCE)
