"""What a page offers to choose from, read in the tables of the town: two statements a page, whatever is asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.linked import TYPE as LINKED
from etoile.gru.forms.fields.reference import TYPE as REFERENCE
from etoile.gru.forms.tables import queries
from etoile.gru.forms.tables.queries import Found, FoundRow, InForce, Search
from etoile.gru.forms.texts import Text


@dataclass(frozen=True, slots=True)
class Level:
    """One list of a linked field: its column, its words, what may be chosen in it, what was."""

    column: str
    label: str
    values: tuple[str, ...]
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """`rows` to choose among, `more` when there are others; `searched`: the words they answer, None for a whole list.
    `levels`: those that may be chosen in now, of a linked field."""

    rows: tuple[FoundRow, ...] = ()
    more: bool = False
    searched: str | None = None
    levels: tuple[Level, ...] = ()


NOTHING = Offer()


def offers(authority: int, asked: Iterable[tuple[str, Field, Any]]) -> dict[str, Offer]:
    """By address, for each (address, field, value) that is chosen in a table. No statement when none is."""
    ours = [(address, each, value) for address, each, value in asked if each.type in (REFERENCE.name, LINKED.name)]
    if not ours:
        return {}
    tables = queries.in_force(authority, {str(each.settings.get("table", "")) for _address, each, _value in ours})
    found: dict[str, Offer] = {}
    searched: list[tuple[str, Search, Any]] = []
    for address, each, value in ours:
        table = tables.get(str(each.settings.get("table", "")))
        if table is None:
            found[address] = NOTHING
        elif each.type == LINKED.name:
            found[address] = Offer(levels=_levels(table, each, value))
        elif whole(table, each):
            found[address] = Offer(queries.listed(table.id))
        else:
            searched.append((address, Search(table.id, words_of(value)), value))
    answers = queries.search([search for _address, search, _value in searched])
    for (address, search, value), rows in zip(searched, answers, strict=True):
        found[address] = _offer(search.words, value, rows)
    return found


def whole(table: InForce, each: Field) -> bool:
    """A short table is read, a long one is searched."""
    display = each.settings.get("display")
    return table.size <= queries.SHORT and display != "search"


def words_of(value: Any) -> str:
    """What was typed, also once a row is chosen: the page goes on showing what it was chosen among."""
    return str(value.get("words") or value.get("searched") or "") if isinstance(value, Mapping) else ""


def _offer(words: str, value: Any, found: Found) -> Offer:
    if not isinstance(value, Mapping) or not value.get("label"):
        return Offer(found.rows, found.more, words)
    chosen = FoundRow(str(value["key"]), str(value["label"]), {})
    listed = any(row.key == chosen.key for row in found.rows)
    return Offer(found.rows if listed else (chosen, *found.rows), found.more, words or chosen.label)


def _levels(table: InForce, each: Field, value: Any) -> tuple[Level, ...]:
    """The lists so far: the next one appears when the one before it is chosen."""
    columns, labels = LINKED.levels(each), _labels(each)
    given = value if isinstance(value, Mapping) else {}
    levels: list[Level] = []
    chosen: list[tuple[str, str]] = []
    for column, label in zip(columns, labels, strict=True):
        values = queries.level(table.id, column, tuple(chosen))
        picked = str(given.get(column) or "")
        levels.append(Level(column, label, values, picked if picked in values else ""))
        if picked not in values:
            break
        chosen.append((column, picked))
    return tuple(levels)


def _labels(each: Field) -> Sequence[str]:
    columns = LINKED.levels(each)
    given = each.settings.get("labels") or [column.replace("_", " ").capitalize() for column in columns]
    return [str(Text.of(words)) for words in given]
