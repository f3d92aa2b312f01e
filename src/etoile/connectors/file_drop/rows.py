"""The rows of a returned file, one at a time, and the status each of them tells."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO
from zoneinfo import ZoneInfo

from lxml import etree

from etoile.connectors.file_drop.configuration import CODECS, Reading
from etoile.sdk import Returned
from etoile.sdk.progress import MAX_CODE, MAX_LABEL, MAX_MESSAGE

MAX_NUMBER = 200
MOST_FAULTS = 20
Row = dict[str, str]


class Unreadable(Exception):
    """The file is not what the settings say. The text is French, names lines and columns, and holds no value."""


def read(content: IO[bytes], settings: Reading, modified: float) -> Iterator[tuple[str, Returned]]:
    """Each row as (number, status), in flat memory. Raises Unreadable at the first row that is not right."""
    for place, row in _rows(content, settings):
        yield _status(settings, place, row, modified)


def faults(content: IO[bytes], settings: Reading, modified: float) -> list[str]:
    """What is wrong in the whole file: nothing of it is told unless all of it can be."""
    found: list[str] = []
    try:
        for place, row in _rows(content, settings):
            try:
                _status(settings, place, row, modified)
            except Unreadable as error:
                found.append(str(error))
            if len(found) == MOST_FAULTS:
                return [*found, "… et peut-être d’autres lignes."]
    except Unreadable as error:
        found.append(str(error))
    return found


def _rows(content: IO[bytes], settings: Reading) -> Iterator[tuple[str, Row]]:
    content.seek(0)
    return _csv(content, settings) if settings.kind == "csv" else _xml(content, settings)


def _csv(content: IO[bytes], settings: Reading) -> Iterator[tuple[str, Row]]:
    codec = "utf-8-sig" if settings.encoding.startswith("utf-8") else CODECS[settings.encoding]
    text = io.TextIOWrapper(content, encoding=codec, errors="strict", newline="")
    try:
        lines = csv.reader(text, delimiter=settings.separator, strict=True)
        header = [each.strip() for each in next(lines, [])]
        _check_header(header, settings)
        for cells in lines:
            if not any(each.strip() for each in cells):
                continue
            if len(cells) != len(header):
                raise Unreadable(f"Ligne {lines.line_num} : {len(cells)} cases, et non {len(header)}.")
            yield f"Ligne {lines.line_num}", dict(zip(header, cells, strict=True))
    except UnicodeDecodeError:
        raise Unreadable(f"Le fichier n’est pas écrit en {settings.encoding}.") from None
    except csv.Error:
        raise Unreadable(
            f"Ligne {lines.line_num} : guillemets ou séparateurs mal placés ; fichier incomplet ?"
        ) from None
    finally:
        text.detach()


def _check_header(header: list[str], settings: Reading) -> None:
    if not header:
        raise Unreadable("Le fichier est vide.")
    if header[0].startswith("ï»¿"):
        raise Unreadable(f"Le fichier est écrit en UTF-8, et non en {settings.encoding}.")
    wanted = (settings.number, settings.code, settings.label, settings.message, settings.own_number, settings.date)
    missing = [name for name in wanted if name and name not in header]
    if missing:
        raise Unreadable(f"Colonne absente de la ligne de titres : {', '.join(missing)}.")
    if len(set(header)) != len(header):
        raise Unreadable("Deux colonnes portent le même titre.")


def _xml(content: IO[bytes], settings: Reading) -> Iterator[tuple[str, Row]]:
    rank = 0
    try:
        events = etree.iterparse(
            content, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False
        )
        for event, element in events:
            if event == "start":
                # A document type has no use here, and is the way of the attacks by entities.
                if element.getparent() is None and element.getroottree().docinfo.internalDTD is not None:
                    raise Unreadable("Le fichier porte un type de document (DOCTYPE), qui n’est pas admis.")
            elif _local(element) == settings.element:
                rank += 1
                yield f"Élément {rank}", _cells(element)
                _forget(element)
        if not rank:
            raise Unreadable(f"Le fichier n’a aucun élément « {settings.element} ».")
    except etree.XMLSyntaxError as error:
        line = error.position[0] if error.position else 0
        raise Unreadable(f"Ligne {line} : le XML est mal formé ; fichier incomplet ?") from None


def _cells(element: etree._Element) -> Row:
    cells = {f"@{name}": str(value) for name, value in element.attrib.items()}
    return cells | {_local(child): "".join(child.itertext()).strip() for child in element if isinstance(child.tag, str)}


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _forget(element: etree._Element) -> None:
    """What was read leaves memory."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _status(settings: Reading, place: str, row: Row, modified: float) -> tuple[str, Returned]:
    number, code = _cell(row, settings.number), _cell(row, settings.code)
    for name, value, most in ((settings.number, number, MAX_NUMBER), (settings.code, code, MAX_CODE)):
        if not value or len(value) > most:
            raise Unreadable(f"{place} : la colonne « {name} » est {'trop longue' if value else 'vide'}.")
    own = _cell(row, settings.own_number)[:MAX_NUMBER]
    return number, Returned(
        # A state nobody has translated yet is still told, in the application's own words, rather than lost.
        status=settings.statuses.get(code) or settings.statuses.get("*") or "in_progress",
        occurred_at=_moment(settings, place, row, modified),
        business_code=code,
        business_label=_cell(row, settings.label)[:MAX_LABEL] or None,
        message=_cell(row, settings.message)[:MAX_MESSAGE] or None,
        external_id=own or number,
    )


def _cell(row: Row, name: str | None) -> str:
    return row.get(name, "").strip() if name else ""


def _moment(settings: Reading, place: str, row: Row, modified: float) -> datetime:
    text = _cell(row, settings.date)
    if not text:
        return datetime.fromtimestamp(modified, UTC)
    try:
        wanted = settings.date_format
        moment = datetime.strptime(text, wanted) if wanted else datetime.fromisoformat(text)  # noqa: DTZ007
    except ValueError:
        raise Unreadable(f"{place} : la colonne « {settings.date} » n’est pas une date lisible.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(settings.timezone))
