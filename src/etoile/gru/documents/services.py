"""Receiving files: the content is proven, then written for good, then recorded. A kill in between leaves a file
nobody knows,
which `sweep` takes away; never a row without its file."""

import hashlib
import os
import secrets
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

import structlog
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from etoile.gru.access.models import Authority
from etoile.gru.documents import antivirus, lightening, recognition
from etoile.gru.documents.antivirus import Verdict
from etoile.gru.documents.kinds import KINDS, Kind, accepted_words
from etoile.gru.documents.lightening import HEAVIEST
from etoile.gru.documents.models import Document
from etoile.gru.documents.names import sanitised
from etoile.gru.documents.places import place_of
from etoile.gru.documents.scanning import record, release_connection

log = structlog.get_logger("etoile.documents")

BLOCK = 256 * 1024
# The `field` of a document that another one took the place of.
REPLACED = "replaced"
ABANDONED_AFTER = 24 * 3600


class DocumentRefused(Exception):
    """Why the file is not taken, in words for the person who sent it, with what is accepted."""


@dataclass
class Received:
    """A file on its place, proven and scanned, which no row names yet."""

    id: uuid.UUID
    name: str
    kind: Kind
    size: int
    sha256: str
    verdict: Verdict
    kept: bool = False


@contextmanager
def received(
    upload: UploadedFile, *, accept: Sequence[str], max_size: int, lighten: bool = False
) -> Iterator[Received]:
    """Prove, write and scan a file, for `keep` to record it inside the block: the scanner is asked before any
    transaction is open. `accept` names `KINDS`, `max_size` is in bytes; the sender's media type is never believed.
    `lighten`: the person asks for a photo to be made smaller, and it is that one which is measured.

    Raises `DocumentRefused`. What is not kept when the block ends, or ends by an exception, is taken away.
    """
    kind, upload = _proven(upload, accept, max_size, lighten=lighten)
    identifier = uuid.uuid4()
    path = place_of(identifier)
    try:
        size, digest = _write(upload, path, max_size)
        file = Received(identifier, sanitised(upload.name or "", kind), kind, size, digest, _scanned(path))
        yield file
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    if not file.kept:
        path.unlink(missing_ok=True)


def keep(file: Received, authority: Authority, holder: uuid.UUID, *, field: str) -> Document:
    """The row of a received file, for `field` of `holder` (a draft or a case). One statement."""
    document = Document(
        id=file.id,
        authority=authority,
        holder=holder,
        field=field,
        name=file.name,
        media_type=file.kind.media_type,
        size=file.size,
        sha256=file.sha256,
    )
    record(document, file.verdict)
    document.save(force_insert=True)
    file.kept = True
    return document


def store(
    authority: Authority, holder: uuid.UUID, upload: UploadedFile, *, field: str, accept: Sequence[str], max_size: int
) -> Document:
    """`received` then `keep`, for a caller that has no transaction of its own."""
    with received(upload, accept=accept, max_size=max_size) as file:
        return keep(file, authority, holder, field=field)


def hand_over(given: Sequence[Document], holder: uuid.UUID, *, instead_of: Sequence[Document] = ()) -> None:
    """Give these documents to `holder`. Those they take the place of stay, and answer no question any more."""
    Document.objects.filter(pk__in=[each.pk for each in instead_of]).update(field=REPLACED)
    Document.objects.filter(pk__in=[each.pk for each in given]).update(holder=holder)
    for each in given:
        each.holder = holder


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


def _proven(upload: UploadedFile, accept: Sequence[str], max_size: int, *, lighten: bool) -> tuple[Kind, UploadedFile]:
    _check_size(upload, max(max_size, HEAVIEST) if lighten else max_size)
    kind = _recognised(upload, accept)
    if lighten and kind.name in lightening.KINDS:
        try:
            made = lightening.lighter(upload, kind.name)
        except lightening.CannotLighten as refusal:
            raise DocumentRefused(str(refusal)) from refusal
        if made is not None and made.kind in accept:
            kind, upload = KINDS[made.kind], made.upload
    _check_size(upload, max_size)
    return kind, upload


def _scanned(path: Path) -> Verdict:
    """The verdict of the scanner. When it is away the file is taken, and waits for it: an outage refuses nobody."""
    if not antivirus.is_configured():
        return antivirus.UNCHECKED
    release_connection()
    with path.open("rb") as content:
        verdict = antivirus.scan(content)
    if verdict.word == "infected":
        log.warning("upload_infected", reason=verdict.threat)
        raise DocumentRefused(
            _("L’antivirus a trouvé un virus dans ce fichier : il n’est pas gardé. Joignez-en un autre.")
        )
    if verdict.too_large:
        raise DocumentRefused(
            _("Ce fichier est trop lourd pour être vérifié par l’antivirus. Réduisez-le, puis joignez-le à nouveau.")
        )
    return verdict


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
