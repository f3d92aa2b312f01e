"""The only writer of the audit log."""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db import connection

from etoile.gru.audit.models import Entry

# A page looked at again within this time is the same reading.
SAME_READING = timedelta(minutes=10)
# A log of accesses is kept from six months to a year (CNIL, recommendation of 14 October 2021): the trigger of the
# table holds the first bound, `GRU_AUDIT_DAYS` is the second.
MINIMUM = timedelta(days=180)
COMMAND_LINE = "Ligne de commande"
READ = "case.read"
# In the detail of a line: the client of the API that read.
PROGRAM = "program"

_READING = """
INSERT INTO audit_entry (at, authority_id, account_id, actor, action, subject, case_id, detail)
SELECT now(), %(authority)s, %(account)s, %(actor)s, %(action)s, %(subject)s, %(case)s, %(detail)s::jsonb
WHERE NOT EXISTS (
    SELECT FROM audit_entry
    WHERE case_id = %(case)s AND action = %(action)s AND detail = %(detail)s::jsonb
        AND account_id IS NOT DISTINCT FROM %(account)s
        AND at > now() - make_interval(secs => %(within)s)
)
"""


class Actor(Protocol):
    """An account, whatever room it comes from."""

    @property
    def pk(self) -> Any: ...
    def __str__(self) -> str: ...


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The `detail` of a change: by name, what is no longer as it was. Empty when all is."""
    told = {name: value for name, value in after.items() if before.get(name) != value}
    return {"before": {name: before[name] for name in told if name in before}, "after": told} if told else {}


def note(
    action: str,
    *,
    authority: int,
    by: Actor | None,
    subject: str = "",
    case_id: uuid.UUID | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Add one line, in the caller's transaction. `by` is None for what the command line does."""
    Entry.objects.create(
        authority_id=authority,
        account_id=by.pk if by is not None else None,
        actor=str(by) if by is not None else COMMAND_LINE,
        action=action,
        subject=subject[:254],
        case_id=case_id,
        detail=dict(detail or {}),
    )


def note_reading(*, authority: int, by: Actor, subject: str, case_id: uuid.UUID) -> None:
    """Somebody opened the page of a case. One statement; one line for all the times within `SAME_READING`."""
    _read({"authority": authority, "account": by.pk, "actor": str(by), "subject": subject, "detail": "{}"}, case_id)


def note_program_reading(
    *,
    authority: int,
    program: str,
    client: str,
    subject: str,
    case_id: uuid.UUID,
    action: str = READ,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """As `note_reading`, for a program that was given a case, or its person; `client` is its identifier, `program` its
    name."""
    said = json.dumps({**(detail or {}), PROGRAM: client})
    given = {"authority": authority, "account": None, "actor": program[:254], "subject": subject, "detail": said}
    _read(given, case_id, action)


def _read(given: Mapping[str, Any], case_id: uuid.UUID, action: str = READ) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_READING, {**given, "action": action, "case": case_id, "within": SAME_READING.total_seconds()})


def forget(*, before: datetime) -> int:
    """Remove the lines older than that (aware); returns how many."""
    removed, _by_table = Entry.objects.filter(at__lt=before).delete()
    return removed
