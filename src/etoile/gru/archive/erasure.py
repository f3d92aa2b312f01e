"""Everything that the database holds of one case, taken away in the caller's transaction.

The tables are found in the models, not in a list: a room that adds a table with a key to a case, or with a field
`case_id`, has nothing to declare. A room that must keep something of its rows says how it empties them (`register`).
"""

import uuid
from collections.abc import Callable, Iterator
from functools import lru_cache

from django.apps import apps
from django.db import connection, models

from etoile.gru.cases.models import Case, History
from etoile.gru.cases.models.case import subject_of
from etoile.gru.documents.services import remove_all
from etoile.gru.filling.models import Draft
from etoile.gru.matching.consulting import spent
from etoile.gru.outbox.models import OutgoingEvent
from etoile.gru.people import scope
from etoile.gru.people.models import Person

Emptier = Callable[[uuid.UUID], None]
_emptiers: dict[type[models.Model], Emptier] = {}


def register(model: type[models.Model], empty: Emptier) -> None:
    """`empty(case_id)` instead of removing the rows of `model` that name the case."""
    _emptiers[model] = empty
    statements.cache_clear()


def keep(model: type[models.Model]) -> None:
    """The rows of `model` say of the case its identifier alone, and stay."""
    register(model, lambda case_id: None)


def erase(case: Case) -> None:
    """The case, its history, documents, notices, events, draft, and its person when no other case is theirs; of those
    merged into the person, each whose own cases are all gone.

    The files go once the transaction is done. The history goes only if a line of an agreed list was written as removed
    in this transaction: a trigger sees to it.
    """
    case_id, person_id = case.pk, case.person_id
    remove_all([case_id])
    for empty in _emptiers.values():
        empty(case_id)
    with scope.of_task("erasure"), connection.cursor() as cursor:
        for statement in statements():
            cursor.execute(statement, {"gone": case_id})
        cursor.execute(_delete(OutgoingEvent, "subject"), {"gone": subject_of(case_id)})
        for each in (*spent(person_id), person_id):
            if not _person_is_needed(cursor, each):
                for statement in _of_person():
                    cursor.execute(statement, {"gone": each})


@lru_cache(maxsize=1)
def statements() -> tuple[str, ...]:
    """In order, the farthest tables first; `gone` is the identifier of the case and of its draft."""
    found = [_delete(each, "case_id") for each in loose_tables()]
    for model in (Draft, Case):
        found += [*_below(model, _named(model._meta.pk)), _delete(model, model._meta.pk.column)]
    return tuple(found)


def loose_tables() -> list[type[models.Model]]:
    """Rooms below the cases know one by its identifier alone, `case_id`."""
    named = []
    for model in apps.get_models():
        field = next((each for each in model._meta.concrete_fields if each.column == "case_id"), None)
        if model.__module__.startswith("etoile.gru.") and isinstance(field, models.UUIDField):
            named.append(model)
    return [model for model in named if model not in _emptiers]


def _below(model: type[models.Model], condition: str) -> Iterator[str]:
    """What points to the rows of `model` that answer `condition`, and what points to that, before it."""
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ForeignObjectRel) or relation.many_to_many:
            continue
        child, column = relation.related_model, _quoted(relation.field.column)
        key = _quoted(model._meta.pk.column)
        points = f"{column} IN (SELECT {key} FROM {_quoted(model._meta.db_table)} WHERE {condition})"  # noqa: S608
        if child is History:
            yield "SELECT archive_remove_history(%(gone)s)"
        elif relation.on_delete is models.SET_NULL:
            yield f"UPDATE {_quoted(child._meta.db_table)} SET {column} = NULL WHERE {points}"  # noqa: S608
        elif child is not model and relation.on_delete is not models.DO_NOTHING:
            yield from _below(child, points)
            yield f"DELETE FROM {_quoted(child._meta.db_table)} WHERE {points}"  # noqa: S608


@lru_cache(maxsize=1)
def _of_person() -> tuple[str, ...]:
    """Those merged into the person first: they are the same human being."""
    merged = f"{_quoted('merged_into_id')} = %(gone)s"
    return (
        *_below(Person, merged),
        _delete(Person, "merged_into_id"),
        *_below(Person, _named(Person._meta.pk)),
        _delete(Person, Person._meta.pk.column),
    )


def _person_is_needed(cursor, person_id: uuid.UUID) -> bool:  # type: ignore[no-untyped-def]
    pointing = [
        f"EXISTS (SELECT 1 FROM {_quoted(each.related_model._meta.db_table)} WHERE {_named(each.field)})"  # noqa: S608
        for each in Person._meta.get_fields(include_hidden=True)
        if isinstance(each, models.ForeignObjectRel) and each.on_delete is models.PROTECT
    ]
    cursor.execute(f"SELECT {' OR '.join(pointing)}", {"gone": person_id})
    return bool(cursor.fetchone()[0])


def _named(field: models.Field) -> str:
    return f"{_quoted(field.column)} = %(gone)s"


def _delete(model: type[models.Model], column: str) -> str:
    return f"DELETE FROM {_quoted(model._meta.db_table)} WHERE {_quoted(column)} = %(gone)s"  # noqa: S608


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
