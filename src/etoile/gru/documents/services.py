"""Receiving files: the content is proven, then written for good, then recorded. A kill in between leaves a file
nobody knows,
which `sweep` takes away; never a row without its file."""

import hashlib
import os
import secrets
import time
import uuid
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from etoile.gru.access.models import Authority
from etoile.gru.documents import recognition
from etoile.gru.documents.kinds import KINDS, Kind, accepted_words
from etoile.gru.documents.models import Document
from etoile.gru.documents.names import sanitised
from etoile.gru.documents.places import place_of

BLOCK = 256 * 1024
ABANDONED_AFTER = 24 * 3600


class DocumentRefused(Exception):
    """Why the file is not taken, in words for the person who sent it, with what is accepted."""


def store(
    authority: Authority, holder: uuid.UUID, upload: UploadedFile, *, field: str, accept: Sequence[str], max_size: int
) -> Document:
    """Keep a file for `field` of `holder` (a draft or a case). `accept` names `KINDS`, `max_size` is in bytes.

    Raises `DocumentRefused`; nothing is kept then. The sender's media type is never believed.
    """
    _check_size(upload, max_size)
    kind = _recognised(upload, accept)
    document = Document(
        id=uuid.uuid4(),
        authority=authority,
        holder=holder,
        field=field,
        name=sanitised(upload.name or "", kind),
        media_type=kind.media_type,
    )
    path = place_of(document.id)
    try:
        document.size, document.sha256 = _write(upload, path, max_size)
        document.save(force_insert=True)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return document


def remove(document: Document) -> None:
    """The file goes once the row is gone for good: a kill leaves a file to sweep, not a row that promises one."""
    path = place_of(document.id)
    document.delete()
    transaction.on_commit(partial(path.unlink, missing_ok=True))


def remove_all(holders: Sequence[uuid.UUID]) -> int:
    """Everything held by these drafts. The number of documents removed."""
    found = list(Document.objects.filter(holder__in=holders).values_list("id", flat=True))
    Document.objects.filter(id__in=found).delete()
    for identifier in found:
        transaction.on_commit(partial(place_of(identifier).unlink, missing_ok=True))
    return len(found)


def sweep(*, now: float | None = None) -> int:
    """Take away files no row knows, older than a day (a younger one may be on its way to its row). Returns how many."""
    limit = (now or time.time()) - ABANDONED_AFTER
    gone = 0
    for folder in sorted(settings.DOCUMENTS_FOLDER.glob("??/??")):
        old = [path for path in folder.iterdir() if path.stat().st_mtime < limit]
        named = {path: identifier for path in old if (identifier := _identifier(path)) is not None}
        known = set(Document.objects.filter(id__in=named.values()).values_list("id", flat=True))
        for path in old:
            if named.get(path) not in known:
                path.unlink(missing_ok=True)
                gone += 1
    return gone


def _check_size(upload: UploadedFile, max_size: int) -> None:
    if not upload.size:
        raise DocumentRefused(_("Ce fichier est vide. Vérifiez-le, puis joignez-le à nouveau."))
    if upload.size > max_size:
        raise DocumentRefused(
            _(
                "Ce fichier est trop lourd : %(size)s Mo au plus. Réduisez-le, par exemple en baissant la qualité"
                " de l’image."
            )
            % {"size": max_size // (1024 * 1024)}
        )


def _recognised(upload: UploadedFile, accept: Sequence[str]) -> Kind:
    accepted = _("Types acceptés : %(kinds)s.") % {"kinds": accepted_words(accept)}
    try:
        name = recognition.kind_of(upload, upload.name or "")
    except recognition.Unrecognised as error:
        raise DocumentRefused(f"{error} {accepted}") from error
    finally:
        upload.seek(0)
    if name not in accept:
        raise DocumentRefused(_("Ce type de fichier n’est pas accepté ici.") + f" {accepted}")
    return KINDS[name]


def _write(upload: BinaryIO | UploadedFile, path: Path, max_size: int) -> tuple[int, str]:
    """Whole or absent, also after a power cut: temporary file, fsync, rename, fsync of the folder."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    digest, size = hashlib.sha256(), 0
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
            while block := upload.read(BLOCK):
                size += len(block)
                if size > max_size:
                    raise DocumentRefused(_("Ce fichier est trop lourd."))
                digest.update(block)
                target.write(block)
            target.flush()
            os.fsync(target.fileno())
        temporary.rename(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return size, digest.hexdigest()


def _identifier(path: Path) -> uuid.UUID | None:
    try:
        return uuid.UUID(path.name)
    except ValueError:
        return None
