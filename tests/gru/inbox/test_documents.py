"""A document that an application gives back is read at its source, proven, and the person's from then on."""

import hashlib
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.test import Client
from tests.gru.conftest import SIRET
from tests.gru.inbox.test_inbox import send

from etoile.contract.envelope import make
from etoile.gru.documents.models import Document
from etoile.gru.documents.places import place_of
from etoile.gru.inbox.models import IncomingEvent
from etoile.gru.notices.models import Notice

CONTENT = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


class Shelf(ThreadingHTTPServer):
    """Where an application keeps its documents: it answers what it is told to, and counts."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Answer)
        self.status, self.content, self.cut, self.asked = 200, CONTENT, False, 0

    @property
    def base(self):
        return f"http://127.0.0.1:{self.server_port}/pieces"


class _Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked += 1
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", "http://127.0.0.1:1/")
        self.send_header("Content-Length", str(len(self.server.content) + (50 if self.server.cut else 0)))
        self.end_headers()
        self.wfile.write(self.server.content)

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def shelf(settings, tmp_path):
    settings.DOCUMENTS_FOLDER = tmp_path
    server = Shelf()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    settings.DOCUMENT_SOURCES = (server.base,)
    yield server
    server.shutdown()
    server.server_close()


def given(case, url, **changes):
    document = {
        "id": str(uuid.uuid4()), "field": "arrete", "name": "arrêté.pdf", "media_type": "application/pdf",
        "size": len(CONTENT), "sha256": hashlib.sha256(CONTENT).hexdigest(), "url": url, **changes,
    }  # fmt: skip
    data = {"case": {"id": str(case.pk), "reference": case.reference}, "document": document}
    return make(
        "org.etoile.case.document_added.v1", source="urbanisme", subject=case.subject, authority=SIRET, data=data
    )


def history(case):
    row = case.history.last()
    return row.verb, row.detail.get("why", "")


def test_the_document_of_an_application_is_read_once_kept_and_told(town, shelf):
    case = town.submit()
    event = given(case, f"{shelf.base}/1?signature=x")
    assert send(event).json()["state"] == "applied"
    assert send(event).json()["state"] == "duplicate"
    document = Document.objects.get(holder=case.id)
    assert (document.name, document.field, place_of(document.id).read_bytes()) == ("arrêté.pdf", "returned", CONTENT)
    assert (shelf.asked, history(case)) == (1, ("document_returned", ""))
    assert Notice.objects.filter(template="document_returned").count() == 1
    page = Client().get(f"/suivi/{case.tracking_key}/")
    address = f"/suivi/{case.tracking_key}/documents/{document.id}/"
    assert address in page.content.decode()
    answer = Client().get(address)
    assert b"".join(answer.streaming_content) == CONTENT
    other = town.submit()
    assert Client().get(f"/suivi/{other.tracking_key}/documents/{document.id}/").status_code == 404


@pytest.mark.parametrize(
    ("place", "changes", "why"),
    [
        ("elsewhere", {}, "adresse"),
        ("below", {}, "adresse"),
        ("shelf", {"sha256": "0" * 64}, "annoncé"),
        ("shelf", {"size": len(CONTENT) - 1}, "annoncé"),
        ("shelf", {"size": 30 * 1024 * 1024}, "lourd"),
        ("gone", {}, "plus"),
        ("no pdf", {}, "fichier"),
    ],
)
def test_a_document_that_will_never_be_right_is_noted_with_its_reason_and_nothing_is_kept(
    town, shelf, tmp_path, place, changes, why
):
    case = town.submit()
    url = {
        "elsewhere": "http://127.0.0.1:9/pieces/1",
        "below": f"{shelf.base}/../autre",
    }.get(place, f"{shelf.base}/1")
    shelf.status = 410 if place == "gone" else 200
    if place == "no pdf":
        shelf.content = b"<html>" + b"x" * (len(CONTENT) - 6)
        changes = {"sha256": hashlib.sha256(shelf.content).hexdigest()}
    assert send(given(case, url, **changes)).status_code == 202
    verb, said = history(case)
    assert verb == "document_offered"
    assert why in said
    assert not Document.objects.exists() and not [each for each in tmp_path.rglob("*") if each.is_file()]


@pytest.mark.parametrize("fault", ["busy", "forbidden", "redirect", "cut", "closed"])
def test_a_document_that_cannot_be_read_now_sends_the_event_back_and_nothing_is_lost(town, shelf, settings, fault):
    case = town.submit()
    shelf.status = {"busy": 503, "forbidden": 403, "redirect": 302}.get(fault, 200)
    shelf.cut = fault == "cut"
    url = f"{shelf.base}/1"
    if fault == "closed":
        settings.DOCUMENT_SOURCES = ("http://127.0.0.1:9",)
        url = "http://127.0.0.1:9/pieces/1"
    event = given(case, url)
    answer = send(event)
    assert (answer.status_code, answer["Retry-After"], IncomingEvent.objects.count()) == (503, "60", 0)
    shelf.status, shelf.cut = 200, False
    if fault != "closed":
        assert send(event).json()["state"] == "applied"
