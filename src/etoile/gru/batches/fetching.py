"""The file of an export, given to whoever may have it."""

from django.http import FileResponse

from etoile.gru.batches import places, services
from etoile.gru.batches.models import Batch, Format
from etoile.gru.documents import serving

MEDIA_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.ODS: "application/vnd.oasis.opendocument.spreadsheet",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def answer(batch: Batch) -> FileResponse:
    """To be saved; that it was fetched is kept. The caller has checked who asks, and that there is a file."""
    name = f"demandes-{batch.created_at:%Y-%m-%d}.{batch.format}"
    found = serving.kept(places.place_of(batch.pk), name, MEDIA_TYPES[Format(batch.format)])
    services.fetched(batch)
    return found
