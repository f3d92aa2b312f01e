"""From what was posted to rows that the server read: the one place where an answer of a table is believed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from etoile.gru.forms.definition import Definition, Field
from etoile.gru.forms.fields.linked import TYPE as LINKED
from etoile.gru.forms.fields.reference import TYPE as REFERENCE
from etoile.gru.forms.fields.reference import Chosen, Reference, asked_of, searched_of
from etoile.gru.forms.publication import Missing
from etoile.gru.forms.tables import queries
from etoile.gru.forms.tables.queries import FoundRow, InForce, Search
from etoile.gru.forms.texts import plain

LONGEST_SEARCH = 200
TYPES: dict[str, Reference] = {REFERENCE.name: REFERENCE, LINKED.name: LINKED}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an answer stands: the answers of the form, or of a row of a block."""

    holder: dict[str, Any]
    field: Field
    version: InForce

    @property
    def raw(self) -> Any:
        return self.holder.get(self.field.id)


def asks_tables(definition: Definition) -> list[Field]:
    """The fields answered in a table, those of repeated blocks too."""
    return [each for each in definition.every_field() if each.type in TYPES]


def chosen(authority: int, definition: Definition, answers: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of `answers` where each one that names a row of its table is that row, as it is now.

    Three statements at most, whatever the number of fields and of rows; none when no field asks a table.
    """
    fields = asks_tables(definition)
    copy = _copied(definition, answers) if fields else dict(answers)
    if not fields:
        return copy
    tables = queries.in_force(authority, {str(each.settings.get("table", "")) for each in fields})
    places = list(_places(definition, copy, tables))
    _by_key([each for each in places if each.field.type == REFERENCE.name])
    _by_levels([each for each in places if each.field.type == LINKED.name])
    return copy


def _by_key(places: list[_Place]) -> None:
    """The row of a key; without a key, the only row that has the label that was typed."""
    asked = [(each, *asked_of(each.raw)) for each in places]
    rows = queries.rows_of_keys((each.version.id, key) for each, key, _words in asked if key)
    for each, key, _words in asked:
        row = rows.get((each.version.id, key)) if key else None
        if row is not None:
            each.holder[each.field.id] = _chosen(row, each.field, searched_of(each.raw))
    typed = [(each, words) for each, key, words in asked if words and not key]
    for (each, words), found in zip(typed, queries.search([Search(p.version.id, w) for p, w in typed]), strict=True):
        exact = [row for row in found.rows if plain(row.label) == plain(words)]
        if len(exact) == 1:
            each.holder[each.field.id] = _chosen(exact[0], each.field, words)


def _by_levels(places: list[_Place]) -> None:
    complete = []
    for each in places:
        value = LINKED.normalise(each.raw if not isinstance(each.raw, Chosen) else dict(each.raw), each.field)
        if value and len(value) == len(LINKED.levels(each.field)):
            complete.append((each, value))
    rows = queries.rows_of_cells([(each.version.id, value) for each, value in complete])
    for (each, _value), row in zip(complete, rows, strict=True):
        if row is not None:
            each.holder[each.field.id] = _chosen(row, each.field)


def _chosen(row: FoundRow, each: Field, searched: str = "") -> Chosen:
    kept = {name: row.cells.get(name, "") for name in TYPES[each.type].kept(each)}
    found = Chosen(key=row.key, label=row.label, **kept)
    return Chosen(found, searched=searched[:LONGEST_SEARCH]) if searched else found


def _copied(definition: Definition, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The rows of blocks are copied too: what is given is never changed. Nothing stays believed from before."""
    blocks = {each.id for each in definition.fields if each.fields}
    copy = {name: dict(value) if isinstance(value, Chosen) else value for name, value in answers.items()}
    for name in blocks & set(copy):
        if isinstance(copy[name], list):
            copy[name] = [
                {key: dict(cell) if isinstance(cell, Chosen) else cell for key, cell in row.items()}
                if isinstance(row, Mapping)
                else row
                for row in copy[name]
            ]
    return copy


def _places(definition: Definition, answers: dict[str, Any], tables: Mapping[str, InForce]) -> Iterator[_Place]:
    for each in definition.fields:
        for holder, field in _held(each, answers):
            version = tables.get(str(field.settings.get("table", "")))
            if field.type in TYPES and version is not None and holder.get(field.id) is not None:
                yield _Place(holder, field, version)


def _held(each: Field, answers: dict[str, Any]) -> Iterator[tuple[dict[str, Any], Field]]:
    yield answers, each
    rows = answers.get(each.id)
    for child in each.fields:
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, dict):
                yield row, child


def lacking(authority: int, definition: Definition) -> list[Missing]:
    """What a procedure asks of tables that are not there; one statement, none without a table."""
    fields = asks_tables(definition)
    if not fields:
        return []
    tables = queries.in_force(authority, {str(each.settings.get("table", "")) for each in fields})
    return [Missing(words, f"field:{each.id}", "settings.table") for each in fields for words in _lacking(each, tables)]


def _lacking(each: Field, tables: Mapping[str, InForce]) -> Iterator[str]:
    named = {"label": each.label, "table": each.settings.get("table", "")}
    table = tables.get(str(named["table"]))
    if table is None:
        yield _("« %(label)s » : la table de référence « %(table)s » n’existe pas encore. Importez-la.") % named
        return
    for column in TYPES[each.type].kept(each):
        if column not in table.columns:
            known = {**named, "column": column, "columns": ", ".join(table.columns)}
            said = _("« %(label)s » : la table « %(table)s » n’a pas de colonne « %(column)s ». Elle a : %(columns)s.")
            yield said % known
