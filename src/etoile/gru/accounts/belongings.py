"""What an account holds besides its person, and gives to another account of the same human being: each of its ways in,
its requests. A room whose rows hang on an account says how they go (`register`)."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from django.db.models import QuerySet

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


class Rows:
    """The rows of one table that name their account in the column `holder`."""

    def __init__(self, name: str, rows: QuerySet[Any], holder: str = "account") -> None:
        self.name, self._rows, self._holder = name, rows, holder

    def of(self, account: uuid.UUID) -> QuerySet[Any]:
        return self._rows.filter(**{self._holder: account})

    def given(self, kept: uuid.UUID, other: uuid.UUID) -> QuerySet[Any]:
        """Those of `other` that go to `kept`."""
        return self.of(other)

    def take(self, kept: uuid.UUID, other: uuid.UUID) -> list[str]:
        mine = list(self.given(kept, other).values_list("pk", flat=True))
        self._rows.filter(pk__in=mine).update(**{self._holder: kept})
        return [str(each) for each in mine]

    def give_back(self, kept: uuid.UUID, other: uuid.UUID, rows: Sequence[str]) -> None:
        self.of(kept).filter(pk__in=rows).update(**{self._holder: other})

    def are_two(self, accounts: Sequence[uuid.UUID]) -> bool:
        return False


class Links(Rows):
    """Two of one platform would be two human beings: they are not joined."""

    def are_two(self, accounts: Sequence[uuid.UUID]) -> bool:
        platforms = list(self._rows.filter(account__in=accounts).values_list("platform", flat=True))
        return len(platforms) > len(set(platforms))


class Requests(Rows):
    """Those that both kept stay in both."""

    def given(self, kept: uuid.UUID, other: uuid.UUID) -> QuerySet[Any]:
        return self.of(other).exclude(case_id__in=self.of(kept).values("case_id"))


for each in (
    Links("link", Link.objects.all()),
    Requests("request", OwnRequest.objects.all()),
    Rows("key", Passkey.objects.filter(kind=KIND), holder="holder"),
):
    register(each)
