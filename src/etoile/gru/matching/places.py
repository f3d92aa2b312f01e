"""Where records were known before they were merged: the ledger remembers what the contracts ask."""

import uuid
from collections.abc import Collection, Iterator

from etoile.gru.cases.apart import in_use
from etoile.gru.cases.models import Case
from etoile.gru.contracts.noted import Place
from etoile.gru.matching.models import Move


def former(people: Collection[uuid.UUID]) -> Iterator[Place]:
    """Of those merged now, by the cases they brought. Two statements."""
    moves = Move.objects.filter(merge__merged__in=list(people), merge__undone_at=None, case_id__isnull=False)
    brought = set(moves.values_list("merge__merged", "case_id"))
    found = in_use(Case.objects.filter(pk__in={case for _person, case in brought}, sector__isnull=False))
    slugs = found.order_by().values_list("pk", "procedure_version__procedure__slug", "sector__slug")
    known = {pk: (procedure, sector) for pk, procedure, sector in slugs}
    return (Place(person, *place) for person, place in {(who, known[case]) for who, case in brought if case in known})
