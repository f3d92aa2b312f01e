"""What happens to an account, in the audit log: its identifier, never its address."""

from typing import Any

from etoile.gru.accounts.models import PersonAccount
from etoile.gru.audit.persons import ONESELF
from etoile.gru.audit.services import note


def note_of(account: PersonAccount, action: str, **detail: Any) -> None:
    note(action, authority=account.authority_id, by=ONESELF, subject=str(account.pk), detail=detail)
