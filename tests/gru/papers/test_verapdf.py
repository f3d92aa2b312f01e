"""The letters read by veraPDF, the checker of the PDF Association: `make verapdf`, for whoever has it (it is Java, and
no package). The other tests read the marks themselves."""

import os
import shutil
import subprocess

import pytest

from etoile.gru.papers.paper import Facts, Heading, Words
from tests.gru.papers.test_papers import made

FLAVOURS = ("ua1", "3a")


@pytest.mark.skipif("VERAPDF" not in os.environ, reason="asked by make verapdf")
@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_letter_is_what_it_claims_to_be(tmp_path, flavour):
    command = shutil.which(os.environ["VERAPDF"])
    assert command, "veraPDF is not installed (https://verapdf.org), or not on the PATH: VERAPDF=/path/to/verapdf"
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(made(Heading("Votre demande"), Facts([("Référence", "26-K7QM-3")]), Words("Elle est acceptée.")))
    said = subprocess.run(
        [command, "--flavour", flavour, "--format", "text", str(letter)],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert said.returncode == 0 and said.stdout.startswith("PASS"), said.stdout + said.stderr
