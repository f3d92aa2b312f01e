"""What a change of answers holds that is sealed: the sensitive ones, typed, before and after."""

from typing import Any

from etoile.gru.corrections.models import Revision
from etoile.gru.forms import sensitive
from etoile.gru.sealing.holders import Holder

COLUMNS = ("answers", "before", "after")


def renewed(revision: Revision) -> dict[str, Any]:
    found = {each: sensitive.renewed(getattr(revision, each), holder=revision.id) for each in COLUMNS}
    return {column: value for column, value in found.items() if value is not None}


HOLDER = Holder(Revision._meta.db_table, "corrections", lambda: Revision.objects.only(*COLUMNS), renewed)
