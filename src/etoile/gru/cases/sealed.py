"""What a request holds that is sealed: the key of its page, and its sensitive answers."""

from etoile.gru.cases import keys
from etoile.gru.cases.models import Case
from etoile.gru.forms import sensitive
from etoile.gru.sealing.holders import Holder

HOLDER = Holder(
    Case._meta.db_table,
    "requests",
    lambda: Case.objects.only("tracking_sealed", "answers"),
    {
        "tracking_sealed": lambda case: keys.BOX.renewed(case.tracking_sealed, case.id.bytes),
        "answers": lambda case: sensitive.renewed(case.answers, holder=case.id),
    },
)
