"""ODS (OpenDocument 1.3), written as it goes: the libraries that write it build the whole document in memory first."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from etoile.gru.batches.exports.sheets import MOST_ROWS, Value, shown

MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_SPACE = "urn:oasis:names:tc:opendocument:xmlns"
_MANIFEST = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="{_SPACE}:manifest:1.0" manifest:version="1.3">
<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{MEDIA_TYPE}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>
"""
_YEAR_MONTH_DAY = (
    '<number:year number:style="long"/><number:text>-</number:text><number:month number:style="long"/>'
    '<number:text>-</number:text><number:day number:style="long"/>'
)
_HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="{_SPACE}:office:1.0" xmlns:table="{_SPACE}:table:1.0"
 xmlns:text="{_SPACE}:text:1.0" xmlns:style="{_SPACE}:style:1.0" xmlns:number="{_SPACE}:datastyle:1.0"
 office:version="1.3"><office:automatic-styles>
<number:date-style style:name="day">{_YEAR_MONTH_DAY}</number:date-style>
<number:date-style style:name="moment">{_YEAR_MONTH_DAY}<number:text> </number:text><number:hours
 number:style="long"/><number:text>:</number:text><number:minutes number:style="long"/></number:date-style>
<style:style style:name="d" style:family="table-cell" style:data-style-name="day"/>
<style:style style:name="m" style:family="table-cell" style:data-style-name="moment"/>
</office:automatic-styles><office:body><office:spreadsheet>"""
_FOOT = "</table:table></office:spreadsheet></office:body></office:document-content>"
# What XML 1.0 has no way to say.
_UNSAYABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class OdsSheet:
    most: int | None = MOST_ROWS

    def __init__(self, path: Path, title: str) -> None:
        self._zip = ZipFile(path, "w", ZIP_DEFLATED)
        # First and not compressed: how a reader knows the file without opening it (ODF 1.3, part 2, 3.3).
        self._zip.writestr(ZipInfo("mimetype"), MEDIA_TYPE, compress_type=ZIP_STORED)
        self._zip.writestr("META-INF/manifest.xml", _MANIFEST)
        self._content = self._zip.open("content.xml", "w", force_zip64=True)
        self._write(f"{_HEAD}<table:table table:name={quoteattr(title[:31])}>")

    def row(self, values: Sequence[Value]) -> None:
        self._write(f"<table:table-row>{''.join(map(_cell, values))}</table:table-row>\n")

    def close(self) -> None:
        self._write(_FOOT)
        self._content.close()
        self._zip.close()

    def _write(self, text: str) -> None:
        self._content.write(text.encode())


def _cell(value: Value) -> str:
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, date):
        moment = isinstance(value, datetime)
        kept = value.isoformat(timespec="minutes") if isinstance(value, datetime) else value.isoformat()
        kind = f'office:value-type="date" office:date-value="{kept}" table:style-name="{"m" if moment else "d"}"'
    elif isinstance(value, int):
        kind = f'office:value-type="float" office:value="{value}"'
    else:
        kind = 'office:value-type="string"'
    lines = _UNSAYABLE.sub("", shown(value)).splitlines() or [""]
    words = "".join(f"<text:p>{escape(line)}</text:p>" for line in lines)
    return f"<table:table-cell {kind}>{words}</table:table-cell>"
