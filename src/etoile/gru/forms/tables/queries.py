"""Reading tables: which version is in force, a row by its key, rows by words, lists by levels.

Whatever the size of a table and however many fields ask, one statement answers all the fields of a page.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection

from etoile.gru.forms.tables.models import Table, TableRow
from etoile.gru.forms.texts import plain

MOST_FOUND = 20
# Lists that people read whole; longer ones are searched.
SHORT = 30
MOST_LISTED = 500
_MOST_WORDS = 8

# `array_to_tsvector(string_to_array(words, ' '))` is the expression of the index.
_ROWS_OF_KEYS = """
SELECT r.version_id, r.key, r.label, r.cells::text FROM forms_tablerow r
JOIN unnest(%s::bigint[], %s::text[]) AS w(version, key) ON r.version_id = w.version AND r.key = w.key
"""
_ROWS_OF_CELLS = """
SELECT w.n, r.key, r.label, r.cells::text
FROM unnest(%s::bigint[], %s::text[], %s::text[]) WITH ORDINALITY AS w(version, query, cells, n)
CROSS JOIN LATERAL (
    SELECT key, label, cells FROM forms_tablerow
    WHERE array_to_tsvector(string_to_array(words, ' ')) @@ w.query::tsquery
        AND version_id = w.version AND cells @> w.cells::jsonb
    ORDER BY position LIMIT 1
) r
"""
_SEARCH = """
SELECT w.n, r.key, r.label, r.cells::text
FROM unnest(%s::bigint[], %s::text[], %s::text[]) WITH ORDINALITY AS w(version, query, begins, n)
CROSS JOIN LATERAL (
    SELECT key, label, cells, position, words LIKE w.begins AS first FROM forms_tablerow
    WHERE w.query <> '' AND version_id = w.version
        AND array_to_tsvector(string_to_array(words, ' ')) @@ w.query::tsquery
    ORDER BY first DESC, position LIMIT %s
) r
ORDER BY w.n, r.first DESC, r.position
"""
_LEVEL = """
SELECT value FROM (
    SELECT cells->>%s AS value, position FROM forms_tablerow
    WHERE version_id = %s AND cells @> %s::jsonb
        AND (%s = '' OR array_to_tsvector(string_to_array(words, ' ')) @@ %s::tsquery)
) r
WHERE value <> '' GROUP BY value ORDER BY min(position) LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class InForce:
    """The version in which people choose now."""

    id: int
    slug: str
    columns: tuple[str, ...]
    size: int


@dataclass(frozen=True, slots=True)
class FoundRow:
    key: str
    label: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """Rows that have all the words typed, best first; `more`: there are others."""

    rows: tuple[FoundRow, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody typed, in a version."""

    version: int
    words: str


def in_force(authority: int, slugs: Iterable[str]) -> dict[str, InForce]:
    """By slug; a table that does not exist, or is empty, is absent. One statement."""
    found = Table.objects.filter(authority=authority, slug__in=list(slugs), current__isnull=False)
    rows = found.values_list("current_id", "slug", "current__columns", "current__size")
    return {slug: InForce(version, slug, tuple(columns), size) for version, slug, columns, size in rows}


def rows_of_keys(wanted: Iterable[tuple[int, str]]) -> dict[tuple[int, str], FoundRow]:
    """Rows by (version, key). One statement, none when nothing is wanted."""
    asked = sorted(set(wanted))
    if not asked:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_ROWS_OF_KEYS, [[version for version, _key in asked], [key for _version, key in asked]])
        return {(version, key): _row(key, label, cells) for version, key, label, cells in cursor.fetchall()}


def rows_of_cells(wanted: Sequence[tuple[int, Mapping[str, str]]]) -> list[FoundRow | None]:
    """For each (version, cells), the first row of the file that has these cells. One statement, none for nothing."""
    if not wanted:
        return []
    given = [
        [version for version, _cells in wanted],
        [_query(" ".join(cells.values()), whole=True) for _version, cells in wanted],
        [json.dumps(cells) for _version, cells in wanted],
    ]
    found: list[FoundRow | None] = [None] * len(wanted)
    with connection.cursor() as cursor:
        cursor.execute(_ROWS_OF_CELLS, given)
        for number, key, label, cells in cursor.fetchall():
            found[number - 1] = _row(key, label, cells)
    return found


def search(asked: Sequence[Search]) -> list[Found]:
    """What begins as typed comes first, then the order of the file. One statement, none when no word was typed."""
    queries = [_query(each.words) for each in asked]
    rows: list[list[FoundRow]] = [[] for _each in asked]
    if any(queries):
        versions, begins = [each.version for each in asked], [f"{plain(each.words)}%" for each in asked]
        with connection.cursor() as cursor:
            cursor.execute(_SEARCH, [versions, queries, begins, MOST_FOUND + 1])
            for number, key, label, cells in cursor.fetchall():
                rows[number - 1].append(_row(key, label, cells))
    return [Found(tuple(each[:MOST_FOUND]), len(each) > MOST_FOUND) for each in rows]


# A version never changes: what was read once of it is known for ever.
@lru_cache(maxsize=64)
def listed(version: int) -> tuple[FoundRow, ...]:
    """The rows of a short table, in the order of the file."""
    return rows_shown(version, SHORT)


def rows_shown(version: int, most: int) -> tuple[FoundRow, ...]:
    """The first rows of a table, for who looks after it. One statement."""
    found = TableRow.objects.filter(version=version).order_by("position")[:most]
    return tuple(FoundRow(row.key, row.label, row.cells) for row in found)


@lru_cache(maxsize=512)
def level(version: int, column: str, chosen: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """The values of a column among the rows that have what was chosen before it, in the order of the file."""
    query = _query(" ".join(value for _name, value in chosen), whole=True)
    given = [column, version, json.dumps(dict(chosen)), query, query, MOST_LISTED]
    with connection.cursor() as cursor:
        cursor.execute(_LEVEL, given)
        return tuple(value for (value,) in cursor.fetchall())


def _query(words: str, *, whole: bool = False) -> str:
    """Every word, in any order; each may be the beginning of one, unless `whole`. Words are letters and digits only."""
    ending = "" if whole else ":*"
    return " & ".join(f"'{word}'{ending}" for word in plain(words[:200]).split()[:_MOST_WORDS])


def _row(key: str, label: str, cells: str) -> FoundRow:
    return FoundRow(key, label, json.loads(cells))
