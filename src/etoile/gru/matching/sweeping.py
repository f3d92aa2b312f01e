"""Cases that were being filed for a person while they were merged: they follow, with their line in the ledger.

Whoever files a case reads who the person is, then writes it: a merge that ends between the two leaves the case with the
one who was merged.
"""

import uuid

import structlog
from django.db import transaction

from etoile.gru.contracts.models import STANDING, Changed
from etoile.gru.matching import holders
from etoile.gru.matching.models import Merge, Move
from etoile.gru.people import scope
from etoile.gru.people.models import Person

log = structlog.get_logger(__name__)
TASK = "sweeping"


def sweep() -> int:
    """Give each late row to the one who stands, so that undoing gives it back. How many changed hands; a merge that is
    undone meanwhile, or a kill, leaves all or nothing of each. One statement a holder when there is none."""
    moved = 0
    with scope.of_task(TASK):
        late = {person for holder in holders.arriving() for person in holder.late()}
        for person in sorted(late):
            with transaction.atomic():
                moved += _follow(person)
    if moved:
        log.info("late_rows_of_merged_persons", rows=moved)
    return moved


def _follow(person: uuid.UUID) -> int:
    """Step after step: undone in turn, the merges give the row back in turn."""
    moved, steps = 0, _steps(person)
    # As `merging`: in one order. Who waited for a merge to be undone sees that it was.
    list(Person.objects.select_for_update().filter(pk__in=[person, *(each.master_id for each in steps)]).order_by("pk"))
    for step in _steps(person):
        taken = [
            Move(merge=step, holder=holder.name, row=each.row, case_id=each.case_id)
            for holder in holders.arriving()
            for each in holder.take(merged=step.merged_id, master=step.master_id)
        ]
        Move.objects.bulk_create(taken, ignore_conflicts=True)
        moved = max(moved, len(taken))
    if moved:
        # An application may know this person by the late case alone: it is told who stands, as the others were.
        Changed.objects.create(person_id=person, key=STANDING)
    return moved


def _steps(person: uuid.UUID) -> list[Merge]:
    """The merges in force that lead from this person to the one who stands, in order."""
    found: list[Merge] = []
    step = Merge.objects.filter(merged=person, undone_at=None).first()
    while step is not None:
        found.append(step)
        step = Merge.objects.filter(merged=step.master_id, undone_at=None).first()
    return found
