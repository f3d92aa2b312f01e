"""Answers from a CSV file: one row by its key, rows by the beginning of a word, rows under a parent."""

import asyncio
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from etoile.connectors.lookup_csv.configuration import Configuration, Exact, Linked, Prefix
from etoile.connectors.lookup_csv.keeping import Tables
from etoile.connectors.lookup_csv.table import BrokenTableError, Table, fold, read
from etoile.sdk import Check, Connector, Context, DoorError, LookupOutcome, Manifest, formulas

READABLE = "%d/%m/%Y %H:%M"


class LookupCsv(Connector):
    manifest = Manifest.load(Path(__file__).with_name("manifest.yaml"))
    Configuration = Configuration

    def __init__(self) -> None:
        self.tables = Tables()

    async def lookup(self, query: Mapping[str, Any], context: Context) -> LookupOutcome:
        """The row, or `{items, more}`. An old table whose new file is broken still answers, and says that it is old."""
        settings: Configuration = context.configuration
        try:
            table, problem = await asyncio.to_thread(self._current, context)
            if table is None:
                return _unreadable(problem)
            data = _search(table, settings, query)
        except DoorError as error:
            return LookupOutcome.unanswered(error)
        except formulas.FormulaError as error:
            return LookupOutcome.unavailable(f"Réglage à revoir : {error}.", "formula", misconfigured=True)
        if data is None:
            return LookupOutcome.not_found(at=table.at, stale=bool(problem))
        return LookupOutcome.found(data, at=table.at, stale=bool(problem))

    async def check(self, context: Context) -> list[Check]:
        """Reads the whole file, as a change of it would."""
        settings: Configuration = context.configuration
        faults = formulas.all_of(settings)
        lines = [Check("settings", not faults, " ; ".join(faults) or "Les réglages sont lisibles.")]
        try:
            table = await asyncio.to_thread(_read, context)
        except DoorError as error:
            return [*lines, Check("reachability", False, error.message)]
        except (BrokenTableError, OSError) as error:
            problem = str(error) if isinstance(error, BrokenTableError) else "il est absent, ou ne peut pas être lu"
            words = f"Le fichier « {settings.file} » n’est pas lisible : {problem}. L’ancienne version, si elle a été"
            return [*lines, Check("reachability", False, f"{words} lue, continue de répondre.")]
        written = table.at.astimezone().strftime(READABLE)
        return [*lines, Check("reachability", True, f"{len(table.rows)} lignes, écrites le {written}.")]

    def _current(self, context: Context) -> tuple[Table | None, str]:
        return self.tables.current(_path(context), context.configuration)


def _read(context: Context) -> Table:
    return read(_path(context), context.configuration)


def _path(context: Context) -> Path:
    """The file without its links: it may not lead out of the folders that the operator opened."""
    settings: Configuration = context.configuration
    return context.http.folder(f"{settings.folder}/{settings.file}")


def _unreadable(problem: str) -> LookupOutcome:
    return LookupOutcome.unavailable(
        f"La table de référence n’est pas lisible : {problem}.", "file", misconfigured=True
    )


def _search(table: Table, settings: Configuration, query: Mapping[str, Any]) -> Any:
    match settings.search:
        case Exact() as search:
            rows = table.keys.get(formulas.text(search.equals, query=query).strip())
            return _told(table, settings, rows[0]) if rows else None
        case Linked() as search:
            parent = formulas.text(search.parent, query=query).strip()
            return _list(table, settings, table.keys.get(parent, ()), search.limit)
        case Prefix() as search:
            return _list(table, settings, _beginning(table, search, query), search.limit)


def _beginning(table: Table, search: Prefix, query: Mapping[str, Any]) -> Iterable[int]:
    text = fold(formulas.text(search.begins, query=query))
    if not text:
        return ()
    found = table.beginning(text)
    if search.within is None:
        return found
    column = table.column(search.within.column)
    parent = formulas.text(search.within.equals, query=query).strip()
    return (row for row in found if table.rows[row][column] == parent)


def _list(table: Table, settings: Configuration, rows: Iterable[int], limit: int) -> dict[str, Any] | None:
    found = list(islice(rows, limit + 1))
    items = [_told(table, settings, row) for row in found[:limit]]
    return {"items": items, "more": len(found) > limit} if items else None


def _told(table: Table, settings: Configuration, row: int) -> dict[str, str]:
    values = dict(zip(table.header, table.rows[row], strict=True))
    return {name: values[name] for name in settings.columns} if settings.columns else values
