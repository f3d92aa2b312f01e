"""Where the file of an export is, while it is kept."""

import uuid
from pathlib import Path

from django.conf import settings


def place_of(batch_id: uuid.UUID) -> Path:
    return Path(settings.EXPORTS_FOLDER) / batch_id.hex


def forget(batch_id: uuid.UUID) -> None:
    """Remove what was written, finished or not."""
    for path in (place_of(batch_id), unfinished(batch_id)):
        path.unlink(missing_ok=True)


def unfinished(batch_id: uuid.UUID) -> Path:
    """Nobody is given this one: it takes its name once it is whole."""
    return place_of(batch_id).with_suffix(".part")
