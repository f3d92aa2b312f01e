"""What an agent decides of a suspicion they hold: the same person, or two."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account
from etoile.gru.matching import excluding, locking, merging
from etoile.gru.matching.errors import MatchingError
from etoile.gru.matching.models import Merge
from etoile.gru.matching.reach import task
from etoile.gru.matching.values import Chosen


def same(pk: uuid.UUID, account: Account, kept: uuid.UUID, *, why: str = "", chosen: Chosen | None = None) -> Merge:
    """Merge the two, `kept` staying; `chosen` as in `merging.merge`. Raises `MatchingError`."""
    with transaction.atomic(), task(account):
        found = locking.held(pk, account)
        other = {found.first_id: found.second_id, found.second_id: found.first_id}.get(kept)
        if other is None:
            raise MatchingError(_("Choisissez la fiche à garder."))
        return merging.merge(kept, other, account, why=why, chosen=chosen)


def apart(pk: uuid.UUID, account: Account, *, why: str = "") -> None:
    """They are two, and will not be suspected again. Raises `MatchingError`."""
    with transaction.atomic(), task(account):
        found = locking.held(pk, account)
        excluding.exclude(found.first_id, found.second_id, account, why=why)
