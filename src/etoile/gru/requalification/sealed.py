"""The answers that a requalified request had, which its new procedure does not ask."""

from typing import Any

from etoile.gru.forms import sensitive
from etoile.gru.requalification.models import Requalification
from etoile.gru.sealing.holders import Holder


def renewed(row: Requalification) -> dict[str, Any]:
    aside = sensitive.renewed_rows(row.aside, holder=row.case_id)
    return {"aside": aside} if aside is not None else {}


HOLDER = Holder(
    Requalification._meta.db_table,
    "requalifications",
    lambda: Requalification.objects.only("aside", "case_id"),
    renewed,
)
