"""The answers that a requalified request had, which its new procedure does not ask."""

from etoile.gru.forms import sensitive
from etoile.gru.requalification.models import Requalification
from etoile.gru.sealing.holders import Holder

HOLDER = Holder(
    Requalification._meta.db_table,
    "requalifications",
    lambda: Requalification.objects.only("aside", "case_id"),
    {"aside": lambda row: sensitive.renewed_rows(row.aside, holder=row.case_id)},
)
