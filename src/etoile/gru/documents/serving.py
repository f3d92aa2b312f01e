from base64 import b64encode
from pathlib import Path
from typing import BinaryIO, TypeVar
from urllib.parse import quote

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase

from etoile.gru.documents import watermark
from etoile.gru.documents.models import Document
from etoile.gru.documents.places import place_of
from etoile.gru.documents.scanning import check_before_opening

Answer = TypeVar("Answer", bound=HttpResponseBase)


def response(document: Document) -> FileResponse:
    """The bytes, to be saved and never shown by the browser. The caller has already checked who asks.

    Raises `scanning.NotOpenable`: the scanner found a threat, or has not answered yet.
    """
    check_before_opening(document)
    try:
        content = place_of(document.id).open("rb")
    except FileNotFoundError as error:
        raise Http404("file lost") from error
    answer = FileResponse(content, content_type=document.media_type)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(document.name, safe='')}"
    answer["Content-Length"] = str(document.size)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Repr-Digest"] = f"sha-256=:{_base64(document.sha256)}:"
    return answer


def kept(path: Path, name: str, media_type: str) -> FileResponse:
    """A file we made before for whoever asks, to be saved; it is read as it leaves, never held whole."""
    try:
        return streamed(path.open("rb"), name, media_type)
    except FileNotFoundError as error:
        raise Http404("file lost") from error


def streamed(content: BinaryIO, name: str, media_type: str) -> FileResponse:
    """What we just made, when it may be large: read as it leaves, then closed."""
    return _to_save(FileResponse(content, content_type=media_type), name)


def copied(document: Document, words: str) -> HttpResponse | FileResponse:
    """A copy that says for whom it was made; the file itself when it cannot be drawn upon, and the log says so.

    Raises `scanning.NotOpenable`, as `response` does."""
    check_before_opening(document)
    try:
        return produced(document.name, watermark.marked(document, words), document.media_type)
    except FileNotFoundError as error:
        raise Http404("file lost") from error
    except watermark.Unmarkable:
        return response(document)


def produced(name: str, content: bytes, media_type: str = "application/pdf") -> HttpResponse:
    """What we just made for whoever asks, to be saved. The caller has already checked who that is."""
    return _to_save(HttpResponse(content, content_type=media_type), name)


def _to_save(answer: Answer, name: str) -> Answer:
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _base64(hexadecimal: str) -> str:
    return b64encode(bytes.fromhex(hexadecimal)).decode()
