"""What goes with a person when two are merged: rows of any room that point to one.

A room whose table has a key to a person says which holder carries it (`register`), or why its rows stay where they are
(`staying`): a test walks all the models.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.db import connection, models


@dataclass(frozen=True, slots=True)
class Taken:
    """One row that changed hands: its key as text, and the case that it is or belongs to."""

    row: str
    case_id: uuid.UUID | None = None


class Holder(Protocol):
    """`take` gives to `master` what is of `merged`, `give_back` the same rows back, those that are still the master's:
    what is no longer there, or went elsewhere since, is left alone. Both in the caller's transaction."""

    @property
    def name(self) -> str: ...
    def take(self, *, merged: uuid.UUID, master: uuid.UUID) -> list[Taken]: ...
    def give_back(self, rows: Sequence[str], *, merged: uuid.UUID, master: uuid.UUID) -> int: ...


class Rows:
    """The rows of `model` whose key `field` names the person. One statement each way, however many there are.

    `case`: the column that names the case of a row, to be forgotten with it.
    """

    keeps_alive = True

    def __init__(self, model: type[models.Model], field: str = "person", *, case: str = "") -> None:
        self.model, self.field, self.name = model, field, f"{model._meta.label_lower}.{field}"
        self._case = case

    def take(self, *, merged: uuid.UUID, master: uuid.UUID) -> list[Taken]:
        case = _quoted(self._case) if self._case else "NULL::uuid"
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {self._table} SET {self._column} = %s WHERE {self._column} = %s RETURNING {self._key}, {case}",  # noqa: S608
                [master, merged],
            )
            return [Taken(str(row), case_id) for row, case_id in cursor.fetchall()]

    def give_back(self, rows: Sequence[str], *, merged: uuid.UUID, master: uuid.UUID) -> int:
        key = self.model._meta.pk
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {self._table} SET {self._column} = %s WHERE {self._column} = %s AND {self._key} = ANY(%s)",  # noqa: S608
                [merged, master, [key.to_python(row) for row in rows]],
            )
            return int(cursor.rowcount)

    def late(self) -> list[uuid.UUID]:
        """Persons who were merged and to whom rows came since. One statement."""
        merged = self.model._default_manager.filter(**{f"{self.field}__merged_into__isnull": False})
        return list(merged.order_by().values_list(f"{self.field}_id", flat=True).distinct())

    @property
    def comes_with_a_case(self) -> bool:
        return bool(self._case)

    @property
    def _table(self) -> str:
        return _quoted(self.model._meta.db_table)

    @property
    def _column(self) -> str:
        return _quoted(self.model._meta.get_field(self.field).column)

    @property
    def _key(self) -> str:
        return _quoted(self.model._meta.pk.column)


# Why two persons may not be merged, as a sentence; empty, they may: `refusal(master, merged)`, under a task.
Obstacle = Callable[[uuid.UUID, uuid.UUID], str]

_holders: dict[str, Holder] = {}
_obstacles: list[Obstacle] = []
_staying: dict[str, str] = {}


def register(holder: Holder) -> None:
    _holders[holder.name] = holder


def staying(model: type[models.Model], field: str, reason: str) -> None:
    """The rows of this table stay with the person they were written for; `reason` says why that is right."""
    _staying[f"{model._meta.label_lower}.{field}"] = reason


def register_obstacle(obstacle: Obstacle) -> None:
    _obstacles.append(obstacle)


def refusal(master: uuid.UUID, merged: uuid.UUID) -> str:
    """The first sentence of a room that refuses, else nothing."""
    return next(filter(None, (each(master, merged) for each in _obstacles)), "")


def keeping_alive() -> list[Holder]:
    """Those whose rows are a reason to keep the person they came from: cases, an account; not a mark on it."""
    return [each for each in all_of_them() if getattr(each, "keeps_alive", False)]


def arriving() -> list[Rows]:
    """Those whose rows may come while a person is being merged: cases, which are filed at any time."""
    return [each for each in all_of_them() if isinstance(each, Rows) and each.comes_with_a_case]


def all_of_them() -> list[Holder]:
    return [_holders[name] for name in sorted(_holders)]


def named(name: str) -> Holder | None:
    return _holders.get(name)


def declared() -> set[str]:
    return {*_holders, *_staying}


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
