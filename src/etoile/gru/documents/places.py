import uuid
from pathlib import Path

from django.conf import settings


def place_of(identifier: uuid.UUID) -> Path:
    """Where the bytes of a document are: two levels of folders, so that none ever holds more than a few thousand
    files.
    """
    name = identifier.hex
    return Path(settings.DOCUMENTS_FOLDER) / name[:2] / name[2:4] / name
