"""An identity document goes at its time, the case stays and says so; opened by an agent, it carries who opened it."""

import io
from datetime import timedelta

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from tests.gru.archive.conftest import ENDED
from tests.gru.conftest import PROCEDURE, log_in
from tests.gru.documents.samples import PDF

from etoile.gru.archive import attachments, holds
from etoile.gru.cases import queries
from etoile.gru.cases.models import Case, History
from etoile.gru.documents.models import Document
from etoile.gru.documents.places import place_of
from etoile.gru.documents.services import store
from etoile.gru.forms.models import Procedure
from etoile.gru.forms.services import load


def timed(archives, days):
    """From now on, the files joined under « motif » go that many days after the end."""
    piece = {"id": "motif", "type": "identity_document", "label": {"fr": "Pièce"}, "settings": {"removed_after": days}}
    section = {"id": "pieces", "title": {"fr": "Pièces"}, "fields": [piece]}
    page = {"id": "pieces", "title": {"fr": "Pièces"}, "sections": [section]}
    version = load(archives.town.authority, PROCEDURE | {"pages": [page]})
    Procedure.objects.filter(pk=version.procedure_id).update(current=version)


def test_a_file_with_a_time_of_its_own_goes_after_it_and_the_case_stays_and_says_so(archives, monkeypatch):
    other, case = archives.ended(), archives.ended()
    holds.place(other.pk, archives.town.agent, "Recours")
    timed(archives, 90)
    # One a run: what is kept may not take the turn of what may go.
    monkeypatch.setattr(attachments, "BATCH", 1)
    assert attachments.run(ENDED + timedelta(days=89)) == 0
    assert attachments.run(ENDED + timedelta(days=91)) == 1
    assert attachments.run(ENDED + timedelta(days=92)) == 0
    assert [each.holder for each in Document.objects.all()] == [other.pk]
    row = History.objects.get(case=case, verb="attachments_removed")
    assert row.detail["label"] == "Pièce" and len(row.detail["files"][0]) == 64
    assert queries.chain_is_whole(Case.objects.get(pk=case.pk))


def picture(kind):
    content = io.BytesIO()
    Image.new("RGB", (300, 200), (240, 240, 240)).save(content, kind)
    return content.getvalue()


def sheet():
    content, made = io.BytesIO(), pypdf.PdfWriter()
    made.add_blank_page(300, 200)
    made.write(content)
    return content.getvalue()


@pytest.mark.parametrize("kind", ["pdf", "jpeg", "png", "damaged"])
def test_an_identity_document_opened_by_an_agent_says_for_whom_it_was_copied(archives, client, kind):
    timed(archives, 90)
    case = archives.town.submit()
    content = {"pdf": sheet, "damaged": lambda: PDF}.get(kind, lambda: picture(kind))()
    name = f"carte.{'pdf' if kind == 'damaged' else kind}"
    upload = SimpleUploadedFile(name, content)
    accept = ("pdf", "jpeg", "png")
    kept = store(archives.town.authority, case.pk, upload, field="motif", accept=accept, max_size=100_000)
    log_in(client, archives.town.agent)
    answer = client.get(f"/agents/demandes/{case.pk}/documents/{kept.pk}/")
    assert answer.status_code == 200 and answer["Content-Type"] == kept.media_type
    given = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert archives.folder.joinpath(place_of(kept.pk)).read_bytes() == content
    if kind == "damaged":
        assert given == content
    elif kind == "pdf":
        words = pypdf.PdfReader(io.BytesIO(given)).pages[0].extract_text()
        assert case.reference in words and "Nadia Leroy" in words
    else:
        drawn = Image.open(io.BytesIO(given))
        assert drawn.size == (300, 200) and drawn.format == kind.upper()
        assert len({drawn.getpixel((x, y)) for x in range(0, 300, 3) for y in range(0, 200, 3)}) > 10
