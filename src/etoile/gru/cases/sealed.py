"""What a request holds that is sealed: the key of its page, and its sensitive answers."""

from typing import Any

from etoile.gru.cases import keys
from etoile.gru.cases.models import Case
from etoile.gru.forms import sensitive
from etoile.gru.sealing.holders import Holder


def renewed(case: Case) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    if (key := keys.BOX.renewed(case.tracking_sealed, case.id.bytes)) is not None:
        columns["tracking_sealed"] = key
    if (answers := sensitive.renewed(case.answers, holder=case.id)) is not None:
        columns["answers"] = answers
    return columns


HOLDER = Holder("cases_case", "requests", lambda: Case.objects.only("tracking_sealed", "answers"), renewed)
