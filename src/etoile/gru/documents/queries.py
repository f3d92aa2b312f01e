"""Documents read."""

import uuid
from collections import defaultdict

from etoile.gru.documents.models import Document


def by_question(holder: uuid.UUID) -> dict[str, list[Document]]:
    """The files held, by the question they answer. One statement."""
    found: dict[str, list[Document]] = defaultdict(list)
    for each in Document.objects.filter(holder=holder):
        found[each.field].append(each)
    return dict(found)
