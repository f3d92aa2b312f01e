"""Write the file of an export: its cases read by a server-side cursor of their keys, then by handfuls.

Memory does not grow with the list. The keys are those of one moment; each case is read as it is when its turn comes.
Killed anywhere, nothing is left that can be downloaded, and the next run begins again.
"""

import hashlib
import uuid
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from etoile.gru.batches import places
from etoile.gru.batches.errors import BatchError
from etoile.gru.batches.exports.columns import Columns
from etoile.gru.batches.exports.csv_sheet import CsvSheet
from etoile.gru.batches.exports.ods_sheet import OdsSheet
from etoile.gru.batches.exports.sheets import Sheet
from etoile.gru.batches.exports.xlsx_sheet import XlsxSheet
from etoile.gru.batches.models import Batch, Format
from etoile.gru.batches.selection import Selection
from etoile.gru.cases.models import Case
from etoile.gru.forms.models import ProcedureVersion

HANDFUL = 500
SHEETS: dict[Format, Callable[[Path, str], Sheet]] = {
    Format.CSV: CsvSheet,
    Format.ODS: OdsSheet,
    Format.XLSX: XlsxSheet,
}


def write(batch: Batch, selection: Selection) -> Iterator[list[uuid.UUID]]:
    """Write the whole file, yielding the cases of each handful once they are in it; it has its name at the end.

    Raises `BatchError` when a spreadsheet could not hold the list."""
    path = places.unfinished(batch.id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    only = selection.criteria.procedures
    columns = Columns(batch.authority.zone, only[0] if len(only) == 1 else None)
    sheet: Sheet = SHEETS[Format(batch.format)](path, _("Demandes"))
    sheet.row(columns.headings())
    found = selection.cases(batch.account, "cases.export")
    keys = found.values_list("pk", flat=True).iterator(chunk_size=HANDFUL)
    done = 0
    for cases in _handfuls(keys):
        done += len(cases)
        if sheet.most is not None and done >= sheet.most:
            raise BatchError(
                _("La liste a plus de %(most)d demandes : choisissez le format CSV.") % {"most": sheet.most - 1}
            )
        for case in cases:
            sheet.row(columns.row(case))
        yield [case.pk for case in cases]
    sheet.close()
    path.rename(places.place_of(batch.id))


def digest(path: Path) -> tuple[int, str]:
    """Size in bytes and SHA-256 in hexadecimal."""
    with path.open("rb") as content:
        found = hashlib.file_digest(content, "sha256").hexdigest()
    return path.stat().st_size, found


def _handfuls(keys: Iterable[uuid.UUID]) -> Iterator[list[Case]]:
    """The cases of these keys, in their order, with what a row needs. Two statements a handful at most; a case
    eliminated meanwhile is left out."""
    versions: dict[int, ProcedureVersion] = {}
    waiting = iter(keys)
    while asked := list(islice(waiting, HANDFUL)):
        cases = Case.objects.select_related("team", "assignee").in_bulk(asked)
        unknown = {case.procedure_version_id for case in cases.values()} - versions.keys()
        if unknown:
            versions |= ProcedureVersion.objects.in_bulk(unknown)
        for case in cases.values():
            case.procedure_version = versions[case.procedure_version_id]
        yield [cases[key] for key in asked if key in cases]
