"""What was decided, for those who may decide it: merges, exclusions, what each moved. Under `reach.task`."""

import uuid
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet

from etoile.gru.access.models import Account
from etoile.gru.audit import persons
from etoile.gru.cases.models import Case
from etoile.gru.matching import holders
from etoile.gru.matching.models import Exclusion, Merge, Move
from etoile.gru.matching.reach import within

COMPARED = "person.compared"


def merges(account: Account) -> QuerySet[Merge]:
    """The latest first, those undone too."""
    found = Merge.objects.filter(within(account, "master"), authority=account.authority_id)
    return found.select_related("account", "undone_by").order_by("-at", "-pk")


def exclusions(account: Account) -> QuerySet[Exclusion]:
    found = Exclusion.objects.filter(within(account, "first", "second"), authority=account.authority_id)
    return found.select_related("account").order_by("-at", "-pk")


def cases_of(moves: Iterable[Move]) -> list[Case]:
    """Those that changed hands and still exist."""
    found = Case.objects.filter(pk__in=[each.case_id for each in moves if each.case_id])
    return list(found.select_related("procedure_version").defer("answers", "procedure_version__source"))


def note_reading(account: Account, first: uuid.UUID, second: uuid.UUID) -> None:
    """Each person can tell who compared them with another; not with whom."""
    for each in (first, second):
        persons.note(COMPARED, authority=account.authority_id or 0, by=account, person_id=each, detail={})


def spent(master: uuid.UUID) -> list[uuid.UUID]:
    """Those merged into this person of whom nothing is left to give back but values: undoing would make them nobody."""
    rows = Move.objects.filter(merge=OuterRef("pk"), holder__in=[each.name for each in holders.keeping_alive()])
    found = Merge.objects.filter(~Exists(rows), merged__merged_into=master, undone_at=None)
    return list(found.values_list("merged", flat=True))
