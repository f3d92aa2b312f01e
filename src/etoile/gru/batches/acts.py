"""What is done on each case of a work: a verb of `cases`, if its agent still may on this very case."""

import uuid
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from etoile.gru.access.models import Account
from etoile.gru.access.rights import Right
from etoile.gru.batches.models import Batch, Kind
from etoile.gru.cases import actors, assigning, services
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.queries import visible_to
from etoile.gru.cases.states import State
from etoile.gru.desk import labels

Act = Callable[[uuid.UUID], Any]
RIGHTS: dict[Kind, Right] = {
    Kind.EXPORT: "cases.export",
    Kind.TAKE: "cases.treat",
    Kind.ASSIGN: "cases.treat",
    Kind.LABEL: "cases.treat",
    Kind.MESSAGE: "cases.treat",
    Kind.CLOSE: "cases.decide",
}


def act_of(batch: Batch) -> Act:
    """One case at a time, within the caller's transaction. Raises `CaseError`."""
    account, asked, right = batch.account, batch.asked, RIGHTS[Kind(batch.kind)]
    verb = _verb(Kind(batch.kind), account, asked)

    def act(case_id: uuid.UUID) -> None:
        if not visible_to(account, right).filter(pk=case_id).exists():
            raise CaseError(_("Vous n’avez pas ce droit sur cette demande."))
        verb(case_id)

    return act


def _verb(kind: Kind, account: Account, asked: dict[str, Any]) -> Act:
    match kind:
        case Kind.TAKE:
            return lambda case_id: services.start(case_id, account)
        case Kind.ASSIGN:
            to = Account.objects.get(pk=asked["to"])
            return lambda case_id: assigning.assign(case_id, account, to=to)
        case Kind.LABEL:
            return lambda case_id: labels.add(case_id, account, asked["label"])
        case Kind.MESSAGE:
            return lambda case_id: services.post_message(case_id, actors.agent(account), asked["body"])
        case Kind.CLOSE:
            return lambda case_id: services.decide(case_id, account, outcome=State.CLOSED, reasons=asked["reasons"])
        case Kind.EXPORT:
            raise ValueError(kind)
