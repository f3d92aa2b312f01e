"""What a record was before it was merged: all that a tracking link opens, since whoever has it proved nothing more."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Min

from etoile.gru.cases.models import Case
from etoile.gru.matching.models import Merge, Move
from etoile.gru.people import scope

CASES = "cases.case.person"
TASK = "before"


def records_of(cases: Iterable[Case]) -> dict[uuid.UUID, uuid.UUID]:
    """By case, the record it was filed for, whoever it was merged into since. One statement."""
    found = {each.pk: each.person_id for each in cases}
    with scope.of_task(TASK):
        # The first merge that moved it is the one that says whose it was.
        moves = Move.objects.filter(case_id__in=list(found), holder=CASES, merge__undone_at=None).order_by("-pk")
        found.update(moves.values_list("case_id", "merge__merged"))
    return found


def merged_since(records: Iterable[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    """When each first received another one, of which it is not parted; those that received none are not there. One
    statement."""
    with scope.of_task(TASK):
        standing = Merge.objects.filter(master__in=set(records), undone_at=None)
        return dict(standing.order_by().values_list("master").annotate(Min("at")))
