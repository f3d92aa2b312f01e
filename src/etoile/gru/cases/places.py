"""Where people are known, by their cases in use: what the contracts ask, who may not read cases."""

import uuid
from collections.abc import Collection, Iterator

from etoile.gru.cases.apart import in_use
from etoile.gru.cases.models import Case
from etoile.gru.contracts.noted import Place


def places(people: Collection[uuid.UUID]) -> Iterator[Place]:
    """One statement."""
    found = in_use(Case.objects.filter(person__in=list(people), sector__isnull=False))
    pairs = found.order_by().values_list("person_id", "procedure_version__procedure__slug", "sector__slug").distinct()
    return (Place(*pair) for pair in pairs)
