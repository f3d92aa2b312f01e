"""Opening a change of answers: what may change, what is buffered, the files given."""

import json
from collections.abc import Iterable

from django.utils.translation import gettext as _

from etoile.gru.access.models import Account
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.models import Case, DocumentRequest
from etoile.gru.corrections import eligible
from etoile.gru.corrections.models import Revision
from etoile.gru.corrections.revised import Revised, buffered
from etoile.gru.documents.queries import by_question
from etoile.gru.forms.sensitive import open_sealed
from etoile.gru.sealing import lasting


def of_person(case: Case, request: DocumentRequest, *, lock: bool = False) -> Revised:
    """The corrections of this request as far as they were typed; nothing is written before something is. Five
    statements. With `lock`, within a transaction, the change is made if need be, and is this transaction's alone."""
    revision = Revision.objects.filter(request=request).first() or Revision(case=case, request=request)
    names = [item["field"] for item in request.items if item.get("field")]
    return opened(case, ensured(revision) if lock else revision, names)


def of_agent(case: Case, account: Account, *, lock: bool = False) -> Revised:
    """The edit this agent has begun on the case, or a new one; as `of_person`."""
    revision = begun(case, account) or Revision(case=case, account=account, author=str(account))
    return opened(case, ensured(revision) if lock else revision)


def ensured(revision: Revision) -> Revision:
    """The row, made if need be, as it is now, locked: two tabs must not overwrite each other, nor what was sent."""
    known = {"request": revision.request} if revision.request_id else {"account": revision.account, "sent_at": None}
    found, _made = Revision.objects.select_for_update(of=("self",)).get_or_create(
        case=revision.case, **known, defaults={"author": revision.author}
    )
    if found.sent_at is not None:
        raise CaseError(_("Ces changements ont déjà été envoyés."))
    return found


def begun(case: Case, account: Account) -> Revision | None:
    """The edit this agent left to be finished."""
    return Revision.objects.filter(case=case, account=account, sent_at=None).first()


def opened(case: Case, revision: Revision, asked: Iterable[str] | None = None) -> Revised:
    definition = case.procedure_version.definition
    names = asked if asked is not None else (each.id for each in eligible.editable(definition))
    return Revised(
        revision,
        case,
        frozenset(names),
        eligible.answers_of(case),
        by_question(case.id),
        buffered(revision, definition),
        by_question(revision.id),
    )


def mark(case: Case) -> str:
    """What tells these answers from others, whichever key sealed them; keyed, since a page shows it."""
    said = json.dumps(open_sealed(case.answers, holder=case.id), sort_keys=True).encode()
    return lasting.digest(b"etoile gru marks of answers", said).hex()
