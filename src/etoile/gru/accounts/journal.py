"""What happens to an account, in the audit log: its identifier, never its address."""

from typing import Any

from etoile.gru.accounts.models import PersonAccount
from etoile.gru.audit.services import note


class _Person:
    """Persons have no account among the agents'."""

    pk = None

    def __str__(self) -> str:
        return "Usager"


PERSON = _Person()


def note_of(account: PersonAccount, action: str, **detail: Any) -> None:
    note(action, authority=account.authority_id, by=PERSON, subject=str(account.pk), detail=detail)
