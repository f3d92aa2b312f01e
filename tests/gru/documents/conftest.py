import pytest
from tests.gru.documents.clamd import SimulatedClamd


@pytest.fixture
def folder(settings, tmp_path):
    settings.DOCUMENTS_FOLDER = tmp_path / "documents"
    return settings.DOCUMENTS_FOLDER


@pytest.fixture
def clamd(settings, tmp_path):
    """A scanner that listens; what it does is set by its `mood`."""
    server = SimulatedClamd.local(tmp_path / "clamd")
    settings.ANTIVIRUS_URL = f"unix://{tmp_path / 'clamd'}"
    yield server
    server.close()
