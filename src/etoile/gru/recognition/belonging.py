"""The certified identity of an account, when that account is joined to another one of the same human being."""

import uuid
from collections.abc import Sequence

from etoile.gru.recognition.models import CivilIdentity


class Civil:
    """An `accounts.belongings.Belonging`. Each identity is once in an authority: two accounts that have one are
    those of two human beings."""

    name = "civil"

    def take(self, kept: uuid.UUID, other: uuid.UUID) -> list[str]:
        moved = CivilIdentity.objects.filter(account=other).update(account=kept)
        return [str(other)] if moved else []

    def give_back(self, kept: uuid.UUID, other: uuid.UUID, rows: Sequence[str]) -> None:
        CivilIdentity.objects.filter(account=kept).update(account=other)

    def are_two(self, accounts: Sequence[uuid.UUID]) -> bool:
        return CivilIdentity.objects.filter(account__in=accounts).count() > 1
