"""What a row of a returned file says: the number of the request, and its status by the mapping's way back."""

from datetime import datetime

from etoile.connectors.file_drop.configuration import Reading
from etoile.connectors.file_drop.csv_rows import CsvRows
from etoile.connectors.file_drop.rows import Mark, Row, Rows, Unreadable
from etoile.connectors.file_drop.xml_rows import XmlRows
from etoile.sdk import MappingError, Returned
from etoile.sdk.mapping import Return

# What the hub takes as the number of a request in an application.
LONGEST_NUMBER = 200
ENDINGS = (".csv", ".xml")


def rows_of(settings: Reading, mark: Mark | None) -> Rows:
    """The rows of a file, from its beginning or from a mark. Raises Unreadable."""
    return CsvRows(settings, mark) if settings.kind == "csv" else XmlRows(settings, mark)


def status(settings: Reading, back: Return, row: Row, modified: datetime) -> tuple[str, Returned]:
    """The number by which the hub knows the request, and what is told of it. Raises Unreadable, without any value.

    `modified`: of the file, for an application that dates nothing.
    """
    number = named(row.cells.get(settings.number) or "")
    if not number or len(number) > LONGEST_NUMBER:
        raise Unreadable(f"{row.place} : la colonne « {settings.number} » est {'trop longue' if number else 'vide'}.")
    try:
        returned = back.read(row.cells, modified).returned
    except MappingError as error:
        raise Unreadable(f"{row.place} : {_words(error)}") from None
    return number, returned


def named(name: str) -> str:
    """The number in the name of a file that was dropped: its name without its ending."""
    for ending in ENDINGS:
        name = name.removesuffix(ending)
    return name


def _words(error: MappingError) -> str:
    return " ; ".join(f"{each.detail.rstrip('.')} ({each.pointer.lstrip('/')})" for each in error.violations) + "."
