"""What the audit log says of the user base: who looked for whom, who read or attested what is known of a person.

Never a value, nor the words of a search: what was looked for is personal data too.
"""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from etoile.gru.audit.models import Entry
from etoile.gru.audit.services import SAME_READING, Actor


class _Oneself:
    """Persons have no account among the agents'."""

    pk = None

    def __str__(self) -> str:
        return "Usager"


ONESELF = _Oneself()
READ, SEARCHED, CERTIFIED = "person.read", "person.searched", "person.certified"
MANDATED = "mandate.read"


def note(
    action: str, *, authority: int, by: Actor, person_id: uuid.UUID | None = None, detail: Mapping[str, Any]
) -> None:
    """Add one line, in the caller's transaction."""
    Entry.objects.create(
        authority_id=authority,
        account_id=by.pk,
        actor=str(by),
        action=action,
        person_id=person_id,
        detail=dict(detail),
    )


def note_reading(*, authority: int, by: Actor, person_id: uuid.UUID) -> None:
    """One line for all the times within `SAME_READING`. Two statements, one when it was read just now."""
    lately = Entry.objects.filter(
        person_id=person_id, account_id=by.pk, action=READ, at__gt=timezone.now() - SAME_READING
    )
    if not lately.exists():
        note(READ, authority=authority, by=by, person_id=person_id, detail={})


def note_mandated(name: str, *, authority: int, subject: str, case_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """`name`, who acts for `person_id`, opened a request made in their name. One line for all the times within
    `SAME_READING`. Two statements, one when it was read just now."""
    lately = Entry.objects.filter(
        person_id=person_id, case_id=case_id, action=MANDATED, at__gt=timezone.now() - SAME_READING
    )
    if not lately.exists():
        Entry.objects.create(
            authority_id=authority, actor=name, action=MANDATED, subject=subject, case_id=case_id, person_id=person_id
        )


def readings(person_id: uuid.UUID, *, most: int) -> list[Entry]:
    """The latest first."""
    return list(Entry.objects.filter(person_id=person_id).order_by("-id")[:most])


def searches(account: Actor, *, within: timedelta) -> int:
    """How many searches the account made lately."""
    return Entry.objects.filter(account_id=account.pk, action=SEARCHED, at__gt=timezone.now() - within).count()
