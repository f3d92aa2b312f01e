"""With a scanner nobody opens what it has not said clean; without one, everyone is told."""

import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from tests.gru.documents.clamd import EICAR, THREAT, SimulatedClamd
from tests.gru.documents.samples import PDF

from etoile.gru.documents import antivirus, scanning
from etoile.gru.documents.models import Document, State
from etoile.gru.documents.scanning import NotOpenable, check_before_opening, examine_waiting
from etoile.gru.documents.services import DocumentRefused, store
from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.texts import Text

INFECTED_PDF = PDF[:9] + EICAR + PDF[9:]
LARGE = b"x" * 3 * 1024 * 1024


def keep(town, content=PDF):
    upload = SimpleUploadedFile("acte.pdf", content)
    return store(town.authority, uuid.uuid4(), upload, field="piece", accept=("pdf",), max_size=10 * 1024 * 1024)


VERDICTS = [
    ("well", PDF, "clean", "", False),
    ("well", b"", "clean", "", False),
    ("well", INFECTED_PDF, "infected", THREAT, False),
    ("well", LARGE, "unavailable", "", True),
    ("cut", PDF, "unavailable", "", False),
    ("cut", LARGE, "unavailable", "", False),
    ("mute", PDF, "unavailable", "", False),
]


@pytest.mark.parametrize(("mood", "content", "word", "threat", "too_large"), VERDICTS)
def test_what_the_scanner_does_becomes_one_verdict(clamd, mood, content, word, threat, too_large):
    clamd.mood = mood
    verdict = antivirus.scan(io.BytesIO(content), patience=0.3)
    assert (verdict.word, verdict.threat, verdict.too_large) == (word, threat, too_large)


def test_a_scanner_is_reached_by_tcp_too_and_one_that_is_away_is_no_failure(settings):
    server = SimulatedClamd.tcp()
    settings.ANTIVIRUS_URL = f"tcp://127.0.0.1:{server.link.getsockname()[1]}"
    assert antivirus.scan(io.BytesIO(PDF)).word == "clean"
    server.close()
    assert antivirus.scan(io.BytesIO(PDF)).word == "unavailable"


@pytest.mark.exigence("ASVS 5.4.3")
def test_a_threat_is_refused_while_it_arrives_and_leaves_nothing(town, folder, clamd):
    with pytest.raises(DocumentRefused, match="virus"):
        keep(town, INFECTED_PDF)
    clamd.limit = 10
    with pytest.raises(DocumentRefused, match="trop lourd"):
        keep(town)
    assert not Document.objects.exists()
    assert [path for path in folder.rglob("*") if path.is_file()] == []


@pytest.mark.exigence("ASVS 16.5.3")
def test_an_outage_refuses_nobody_and_opens_nothing_until_the_scanner_is_back(town, folder, clamd, client, monkeypatch):
    monkeypatch.setattr("etoile.gru.documents.access._verifiers", [lambda address: True])
    clamd.mood = "cut"
    first, second = keep(town), keep(town)
    assert first.state == State.UNAVAILABLE
    with pytest.raises(NotOpenable) as refusal:
        check_before_opening(first)
    assert refusal.value.later
    answer = client.get(f"/documents/{first.id}")
    assert (answer.status_code, answer["Retry-After"]) == (503, "300")
    clamd.mood = "well"
    answer = client.get(f"/documents/{first.id}")
    assert b"".join(answer.streaming_content) == PDF
    monkeypatch.setattr(scanning, "AGAIN_AFTER", scanning.AGAIN_AFTER * 0)
    assert examine_waiting() == 1
    second.refresh_from_db()
    assert second.state == State.CLEAN


def test_what_was_taken_before_there_was_a_scanner_is_scanned_then_refused_for_good(
    town, folder, settings, tmp_path, clamd
):
    settings.ANTIVIRUS_URL, configured = "", settings.ANTIVIRUS_URL
    document = keep(town, INFECTED_PDF)
    assert document.state == State.UNCHECKED
    check_before_opening(document)
    settings.ANTIVIRUS_URL = configured
    assert examine_waiting() == 1
    document.refresh_from_db()
    assert (document.state, document.threat) == (State.INFECTED, THREAT)
    settings.ANTIVIRUS_URL = ""
    with pytest.raises(NotOpenable, match="virus") as refusal:
        check_before_opening(document)
    assert not refusal.value.later
    asked = Field(id="piece", type="file", label=Text("Justificatif"))
    assert "Retirez ce fichier" in TYPES["file"].check([document], asked)


def test_doctor_says_that_there_is_none_or_how_it_stands(town, folder, settings, clamd, capsys):
    call_command("gru_antivirus")
    assert "simulated); 0 files wait" in capsys.readouterr().out
    clamd.close()
    with pytest.raises(CommandError, match="does not answer"):
        call_command("gru_antivirus")
    settings.ANTIVIRUS_URL = ""
    call_command("gru_antivirus")
    assert capsys.readouterr().out.startswith("doubtful: No antivirus")


def test_health_says_whether_there_is_one(client, db, settings):
    settings.HEALTH_NOTES = {"antivirus": "none"}
    assert client.get("/health/ready").json() == {"status": "ready", "antivirus": "none"}
