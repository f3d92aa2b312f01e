"""What is taken is what it says it is; what is refused leaves nothing behind."""

import hashlib
import os
import time
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db import DatabaseError
from tests.gru.documents.samples import DOCX, HEIC, JPEG, ODT, PDF, PNG, archive

from etoile.gru.documents.kinds import KINDS, accepted_extensions
from etoile.gru.documents.models import Document
from etoile.gru.documents.names import sanitised
from etoile.gru.documents.places import place_of
from etoile.gru.documents.services import DocumentRefused, remove, remove_all, store, sweep

ALL = tuple(KINDS)
MEBIBYTE = 1024 * 1024


def keep(town, content, name, *, accept=ALL, max_size=MEBIBYTE, holder=None, told="application/octet-stream"):
    upload = SimpleUploadedFile(name, content, content_type=told)
    return store(town.authority, holder or uuid.uuid4(), upload, field="piece", accept=accept, max_size=max_size)


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


GOOD = [
    (PDF, "acte.pdf", "pdf"),
    (PDF, "ACTE.PDF", "pdf"),
    (PDF, "sans extension", "pdf"),
    (JPEG, "photo.jpg", "jpeg"),
    (JPEG, "photo.jpeg", "jpeg"),
    (PNG, "plan.png", "png"),
    (JPEG[:40] + b"PK\x05\x06" + JPEG[40:], "marque d'archive par hasard.jpg", "jpeg"),
    (HEIC, "IMG_0042.HEIC", "heic"),
    (DOCX, "lettre.docx", "docx"),
    (ODT, "lettre.odt", "odt"),
]


@pytest.mark.parametrize(("content", "name", "kind"), GOOD)
@pytest.mark.exigence("ASVS 5.2.2")
def test_a_file_is_known_by_its_content_whatever_its_sender_says(town, folder, content, name, kind):
    document = keep(town, content, name, told="text/html")
    assert document.media_type == KINDS[kind].media_type
    assert document.size == len(content)
    assert document.sha256 == hashlib.sha256(content).hexdigest()
    assert place_of(document.id).read_bytes() == content
    assert Document.objects.get() == document


HTML = b"<!doctype html><html><script>alert(1)</script></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
MACROS = archive({"[Content_Types].xml": b"", "word/document.xml": b"", "word/vbaProject.bin": b"x"})
BAD = [
    ("empty", b"", "vide.pdf", "vide"),
    ("html named pdf", HTML, "acte.pdf", "exécuter du code"),
    ("html after a byte-order mark", b"\xef\xbb\xbf" + HTML, "acte.pdf", "exécuter du code"),
    ("html in UTF-16", "<html>".encode("utf-16"), "acte.pdf", "exécuter du code"),
    ("html after spaces", b" \r\n\t" + HTML, "acte.pdf", "exécuter du code"),
    ("html at the head of a jpeg", JPEG[:24] + HTML, "photo.jpg", "exécuter du code"),
    ("svg", SVG, "plan.svg", "exécuter du code"),
    ("svg named png", SVG, "plan.png", "exécuter du code"),
    ("a program", b"MZ" + b"\x00" * 200, "acte.pdf", "pas d’un type connu"),
    ("a text", b"bonjour", "acte.pdf", "pas d’un type connu"),
    ("a pdf cut short", PDF[:40], "acte.pdf", "pas d’un type connu"),
    ("a pdf that begins later", b"GIF89a" + PDF, "acte.pdf", "pas d’un type connu"),
    ("a pdf named jpg", PDF, "photo.jpg", "son contenu est PDF"),
    ("a jpeg named pdf", JPEG, "acte.pdf", "son contenu est JPEG"),
    ("a pdf named exe", PDF, "acte.exe", "son contenu est PDF"),
    ("a double extension", PDF, "acte.pdf.html", "son contenu est PDF"),
    ("a pdf that is an archive too", PDF + archive({"x": b"y"}), "acte.pdf", "cache une archive"),
    ("a jpeg that is an archive too", JPEG + archive({"x": b"y"}), "photo.jpg", "cache une archive"),
    ("a docx with macros", MACROS, "lettre.docx", "pas d’un type connu"),
    ("a plain archive", archive({"x.exe": b"MZ"}), "lettre.docx", "pas d’un type connu"),
    ("a broken archive", DOCX[:60], "lettre.docx", "pas d’un type connu"),
    ("too big", PDF + b" " * MEBIBYTE, "acte.pdf", "trop lourd"),
]


@pytest.mark.parametrize(("what", "content", "name", "told"), BAD, ids=[each[0] for each in BAD])
def test_is_refused_in_plain_words_and_leaves_nothing(town, folder, what, content, name, told):
    with pytest.raises(DocumentRefused, match=told):
        keep(town, content, name)
    assert files(folder) == []
    assert not Document.objects.exists()


def test_a_kind_that_the_question_does_not_take_is_refused_with_those_it_takes(town, folder):
    with pytest.raises(DocumentRefused, match="JPEG, PNG"):
        keep(town, PDF, "acte.pdf", accept=("jpeg", "png"))
    assert files(folder) == []


@pytest.mark.exigence("ASVS 5.2.3")
def test_a_bomb_of_an_archive_is_refused(town, folder):
    bomb = archive(
        {f"x/{number}": b"" for number in range(5001)} | {"word/document.xml": b"", "[Content_Types].xml": b""}
    )
    with pytest.raises(DocumentRefused):
        keep(town, bomb, "lettre.docx", max_size=10 * MEBIBYTE)


@pytest.mark.exigence("ASVS 5.2.1")
def test_a_size_that_lies_is_caught_while_writing(town, folder):
    upload = TemporaryUploadedFile("acte.pdf", "application/pdf", 10, "utf-8")
    upload.write(PDF + b" " * MEBIBYTE + b"%%EOF")
    upload.seek(0)
    with pytest.raises(DocumentRefused, match="trop lourd"):
        store(town.authority, uuid.uuid4(), upload, field="piece", accept=ALL, max_size=MEBIBYTE)
    assert files(folder) == []


NAMES = [
    ("../../etc/passwd", "passwd.pdf"),
    ("C:\\Users\\camille\\acte.pdf", "acte.pdf"),
    ("acte\u202efdp.exe", "actefdp.pdf"),
    ("a\x00b\n.pdf", "ab.pdf"),
    ("acte de naissance (1).pdf", "acte de naissance (1).pdf"),
    ("été d'Élodie.PDF", "été d'Élodie.pdf"),
    ('a"; rm -rf *;.pdf', "a__ rm -rf.pdf"),
    (".pdf", "pdf.pdf"),
    ("", "document.pdf"),
    ("...", "document.pdf"),
    ("x" * 400 + ".pdf", "x" * 120 + ".pdf"),
]


@pytest.mark.parametrize(("given", "kept"), NAMES)
@pytest.mark.exigence("ASVS 5.3.2")
def test_a_name_is_kept_for_people_and_harmless(given, kept):
    assert sanitised(given, KINDS["pdf"]) == kept


def test_files_are_readable_by_the_program_alone(town, folder):
    document = keep(town, PDF, "acte.pdf")
    assert place_of(document.id).stat().st_mode & 0o077 == 0
    assert place_of(document.id).parent.stat().st_mode & 0o077 == 0


def test_a_row_that_cannot_be_written_leaves_no_file(town, folder, monkeypatch):
    def broken(self, **kwargs):
        raise DatabaseError

    monkeypatch.setattr(Document, "save", broken)
    with pytest.raises(DatabaseError):
        keep(town, PDF, "acte.pdf")
    assert files(folder) == []


def test_a_full_disk_leaves_neither_file_nor_row(town, folder, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        keep(town, PDF, "acte.pdf")
    assert files(folder) == []
    assert not Document.objects.exists()


def test_removing_takes_the_row_and_then_the_file(town, folder, django_capture_on_commit_callbacks):
    holder = uuid.uuid4()
    first, second = (keep(town, PDF, "acte.pdf", holder=holder) for _ in range(2))
    other = keep(town, PDF, "acte.pdf")
    with django_capture_on_commit_callbacks(execute=True):
        remove(first)
        assert remove_all([holder]) == 1
        assert len(files(folder)) == 3
    assert list(Document.objects.all()) == [other]
    assert files(folder) == [place_of(other.id)]
    assert not place_of(second.id).exists()


def test_only_old_files_that_no_row_knows_are_swept(town, folder):
    kept, orphan, young = keep(town, PDF, "a.pdf"), uuid.uuid4(), uuid.uuid4()
    for identifier in (orphan, young):
        place_of(identifier).parent.mkdir(parents=True, exist_ok=True)
        place_of(identifier).write_bytes(PDF)
    part = place_of(orphan).with_name("abc.part")
    part.write_bytes(b"half")
    long_ago = time.time() - 3 * 24 * 3600
    for path in (place_of(kept.id), place_of(orphan), part):
        os.utime(path, (long_ago, long_ago))
    assert sweep() == 2
    assert set(files(folder)) == {place_of(kept.id), place_of(young)}


def test_the_control_offers_the_extensions_of_its_kinds():
    assert accepted_extensions(["pdf", "png"]) == (".pdf", ".png")
