"""What the pages do, from the command line, for whoever operates."""

import io

import pytest
import time_machine
from django.core.management import CommandError, call_command
from tests.gru.archive.conftest import OVER

from etoile.gru.cases.models import Case


def said(*given: str) -> str:
    out = io.StringIO()
    call_command("gru_retention", *given, stdout=out)
    return out.getvalue()


def test_from_the_preview_to_a_verified_proof_by_the_commands_of_the_documentation(
    archives, tmp_path, django_capture_on_commit_callbacks
):
    case, who = archives.archived(), f"--as={archives.archivist.email}"
    proof, package = tmp_path / "proof.json", tmp_path / "sip.zip"
    with time_machine.travel(OVER, tick=False):
        assert "acte: P2Y then P3Y, destroy;" in said("preview", "--days=90")
        said("hold", case.reference, who, "--reason=Recours")
        with pytest.raises(CommandError, match="Aucun dossier"):
            said("propose", "acte", who)
        said("hold", case.reference, who, "--lift")
        assert said("propose", "acte", who) == "list 2025-001: 1 cases, to be signed\n"
        assert "proposed" in said("lists")
        assert "SEDA 2.3" in said("package", "2025-001", str(package), "--seda=2.3")
        with pytest.raises(CommandError, match="already"):
            said("package", "2025-001", str(package))
        with pytest.raises(CommandError, match="nothing is proven"):
            said("proof", "2025-001")
        said("agree", "2025-001", who, "--agreement=AD49-7", "--by=Anne Roux", f"--on={OVER.date()}")
        with django_capture_on_commit_callbacks(execute=True):
            assert said("run").endswith("cases 1\n")
    proof.write_text(said("proof", "2025-001"))
    assert said("verify", str(proof)).startswith("1 removals proven")
    proof.write_text(proof.read_text().replace("AD49-7", "AD49-8"))
    with pytest.raises(CommandError, match="signature"):
        said("verify", str(proof))
    assert not Case.objects.exists()
