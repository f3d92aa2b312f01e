"""What an account holds besides its person, and gives to another account of the same human being: each of its ways in,
its requests. A room whose rows hang on an account says how they go (`register`)."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Protocol

from etoile.gru.accounts.keys import KIND
from etoile.gru.accounts.models import Link, OwnRequest
from etoile.gru.passkeys.models import Passkey


class Belonging(Protocol):
    """`take` gives to `kept` what is of `other`, and tells the keys of the rows; `give_back`, those that are still
    there. `are_two`: whether these accounts are surely those of two human beings. In the caller's transaction."""

    @property
    def name(self) -> str: ...
    def take(self, kept: uuid.UUID, other: uuid.UUID) -> list[str]: ...
    def give_back(self, kept: uuid.UUID, other: uuid.UUID, rows: Sequence[str]) -> None: ...
    def are_two(self, accounts: Sequence[uuid.UUID]) -> bool: ...


_all: dict[str, Belonging] = {}


def register(belonging: Belonging) -> None:
    _all[belonging.name] = belonging


def take(kept: uuid.UUID, other: uuid.UUID) -> list[str]:
    """Lines of the ledger: `name:key`."""
    return [f"{name}:{row}" for name in sorted(_all) for row in _all[name].take(kept, other)]


def give_back(kept: uuid.UUID, other: uuid.UUID, lines: Mapping[str, Sequence[str]]) -> None:
    for name in sorted(set(lines) & set(_all)):
        _all[name].give_back(kept, other, lines[name])


def are_two(accounts: Sequence[uuid.UUID]) -> bool:
    return any(each.are_two(accounts) for each in _all.values())


class Links:
    """Two of one platform would be two human beings: they are not joined."""

    name = "link"

    def take(self, kept: uuid.UUID, other: uuid.UUID) -> list[str]:
        mine = list(Link.objects.filter(account=other).values_list("pk", flat=True))
        Link.objects.filter(pk__in=mine).update(account=kept)
        return [str(each) for each in mine]

    def give_back(self, kept: uuid.UUID, other: uuid.UUID, rows: Sequence[str]) -> None:
        Link.objects.filter(pk__in=rows, account=kept).update(account=other)

    def are_two(self, accounts: Sequence[uuid.UUID]) -> bool:
        platforms = list(Link.objects.filter(account__in=accounts).values_list("platform", flat=True))
        return len(platforms) > len(set(platforms))


class Requests:
    """Those that both kept stay in both."""

    name = "request"

    def take(self, kept: uuid.UUID, other: uuid.UUID) -> list[str]:
        known = OwnRequest.objects.filter(account=kept).values("case_id")
        mine = OwnRequest.objects.filter(account=other).exclude(case_id__in=known)
        rows = list(mine.values_list("pk", flat=True))
        OwnRequest.objects.filter(pk__in=rows).update(account=kept)
        return [str(each) for each in rows]

    def give_back(self, kept: uuid.UUID, other: uuid.UUID, rows: Sequence[str]) -> None:
        OwnRequest.objects.filter(pk__in=rows, account=kept).update(account=other)

    def are_two(self, accounts: Sequence[uuid.UUID]) -> bool:
        return False


class Keys:
    """Passkeys of persons."""

    name = "key"

    def take(self, kept: uuid.UUID, other: uuid.UUID) -> list[str]:
        mine = Passkey.objects.filter(kind=KIND, holder=str(other))
        rows = list(mine.values_list("pk", flat=True))
        Passkey.objects.filter(pk__in=rows).update(holder=str(kept))
        return [str(each) for each in rows]

    def give_back(self, kept: uuid.UUID, other: uuid.UUID, rows: Sequence[str]) -> None:
        Passkey.objects.filter(pk__in=rows, holder=str(kept)).update(holder=str(other))

    def are_two(self, accounts: Sequence[uuid.UUID]) -> bool:
        return False


for each in (Links(), Requests(), Keys()):
    register(each)
