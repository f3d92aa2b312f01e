"""The document an application gives back is read while its event is being received, from the address the hub just
signed: when it cannot be read now, the event is refused and the hub brings it again, with a fresh address."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import IO, Any

import structlog
import urllib3
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from etoile.contract.envelope import Event
from etoile.contract.signature import is_under
from etoile.gru.documents.kinds import KINDS
from etoile.gru.documents.scanning import release_connection
from etoile.gru.documents.services import DocumentRefused, Received, received

log = structlog.get_logger(__name__)

# What a connector of the hub waits for the answer of a webhook is longer than this.
SECONDS = 20.0
LARGEST = 20 * 1024 * 1024
BLOCK = 64 * 1024
GONE = frozenset({404, 410})
_POOL = urllib3.PoolManager(num_pools=8, maxsize=4, retries=False)


class NotNow(Exception):
    """The document cannot be read for the moment: the event is to be sent again."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file on its place, or why there is none (French, for an agent)."""

    file: Received | None = None
    why: str = ""


NOTHING = Fetched()


@contextmanager
def offered(event: Event) -> Iterator[Fetched]:
    """The document of a `case.document_added`, proven to be the one announced; taken away if nobody keeps it.

    Only addresses under those of `GRU_DOCUMENT_SOURCES` are read, without following where they lead. No transaction
    may be open. Raises `NotNow`.
    """
    document = event.data["document"]
    if not any(is_under(str(document["url"]), known) for known in settings.DOCUMENT_SOURCES):
        yield Fetched(why=_("l’adresse de ce document n’est pas de celles d’où l’on en reprend"))
        return
    if not 0 < int(document["size"]) <= LARGEST:
        yield Fetched(why=_("ce document est trop lourd pour être repris"))
        return
    with ExitStack() as held:
        content = held.enter_context(tempfile.TemporaryFile())
        why = _read(document, content)
        if why:
            yield Fetched(why=why)
            return
        upload = UploadedFile(content, str(document["name"])[:200], str(document["media_type"]), int(document["size"]))
        try:
            file = held.enter_context(received(upload, accept=tuple(KINDS), max_size=LARGEST))
        except DocumentRefused as refused:
            yield Fetched(why=str(refused))
            return
        if file.sha256 != document["sha256"]:
            yield Fetched(why=_("son contenu n’est pas celui qui a été annoncé"))
            return
        yield Fetched(file)


def _read(document: dict[str, Any], content: IO[bytes]) -> str:
    """Write the document; why it will never be there, or nothing. Raises `NotNow`."""
    release_connection()
    try:
        answer = _POOL.request(
            "GET", document["url"], preload_content=False, redirect=False, timeout=urllib3.Timeout(total=SECONDS)
        )
        try:
            if answer.status in GONE:
                return _("l’application ne l’a plus")
            if answer.status != 200:
                raise NotNow(f"status {answer.status}")
            size = 0
            for block in answer.stream(BLOCK):
                size += len(block)
                if size > document["size"]:
                    return _("son contenu n’est pas celui qui a été annoncé")
                content.write(block)
        finally:
            answer.release_conn()
    except urllib3.exceptions.HTTPError as error:
        raise NotNow(type(error).__name__) from error
    if size != document["size"]:
        raise NotNow("cut")
    content.seek(0)
    return ""
