"""A document leaves as a file to save, by a signed address only, and is never shown by the browser."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.gru.documents.samples import PDF

from etoile.gru.documents import access
from etoile.gru.documents.models import State
from etoile.gru.documents.places import place_of
from etoile.gru.documents.services import store


@pytest.fixture
def document(town, folder):
    upload = SimpleUploadedFile("été « 1 ».pdf", PDF)
    return store(town.authority, uuid.uuid4(), upload, field="piece", accept=("pdf",), max_size=10_000)


@pytest.fixture
def signed(monkeypatch):
    """A verifier that wants `?signature=good`, in the place of the hub's."""
    monkeypatch.setattr(access, "_verifiers", [lambda address: address.endswith("?signature=good")])


@pytest.mark.exigence("ASVS 5.4.1")
def test_a_signed_address_gives_the_bytes_to_be_saved(client, document, signed):
    answer = client.get(f"/documents/{document.id}?signature=good")
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename*=UTF-8''%C3%A9t%C3%A9")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert int(answer["Content-Length"]) == len(PDF)
    answer.close()


@pytest.mark.parametrize("query", ["", "?signature=bad", "?expires=9999999999"])
def test_without_a_good_signature_there_is_nothing(client, document, signed, query):
    assert client.get(f"/documents/{document.id}{query}").status_code == 404


def test_a_document_that_does_not_exist_is_the_same_answer(client, db, signed):
    assert client.get(f"/documents/{uuid.uuid4()}?signature=good").status_code == 404


def test_nobody_reads_while_no_verifier_is_registered(client, document, monkeypatch):
    monkeypatch.setattr(access, "_verifiers", [])
    assert client.get(f"/documents/{document.id}?signature=good").status_code == 404


def test_what_the_antivirus_refused_is_never_given(client, document, signed):
    document.state = State.INFECTED
    document.save()
    assert client.get(f"/documents/{document.id}?signature=good").status_code == 404


def test_a_lost_file_is_not_found_rather_than_a_failure(client, document, signed):
    place_of(document.id).unlink()
    assert client.get(f"/documents/{document.id}?signature=good").status_code == 404


def test_nothing_is_written_through_the_address(client, document, signed):
    assert client.post(f"/documents/{document.id}?signature=good").status_code == 405
