"""The commands of docs/api.md are run as they are written, by curl, against a server."""

import copy
import re
import subprocess
from pathlib import Path

import pytest
from tests.gru.api.calling import Caller
from tests.gru.conftest import PROCEDURE, make_town
from tests.gru.documents.samples import PDF

from etoile.gru.cases.models import Case
from etoile.gru.forms.models import Procedure
from etoile.gru.forms.services import load

PAGE = Path(__file__).parents[3] / "docs" / "api.md"
FAILING = 'curl() { command curl --fail-with-body "$@"; }\n'


@pytest.mark.django_db(transaction=True)
def test_the_commands_of_the_page_do_what_it_says(live_server, settings, tmp_path):
    settings.DOCUMENTS_FOLDER = tmp_path / "documents"
    town = make_town()
    definition = copy.deepcopy(PROCEDURE)
    definition["pages"][0]["sections"][0]["fields"].append({"id": "piece", "type": "file", "label": {"fr": "Pièce"}})
    version = load(town.authority, definition)
    Procedure.objects.filter(pk=version.procedure_id).update(current=version)
    (tmp_path / "justificatif.pdf").write_bytes(PDF)
    caller = Caller(town)
    given = {
        "GRU": live_server.url,
        "CLIENT_ID": caller.client.client_id,
        "CLIENT_SECRET": "secret",
        "AGENT": town.agent.email,
        "PATH": "/usr/local/bin:/usr/bin:/bin",
    }
    commands = "".join(re.findall(r"^```sh\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL))
    run = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", FAILING + commands],
        cwd=tmp_path, env=given, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr + run.stdout[-2000:]
    told = sorted((each.history_number, each.substate) for each in Case.objects.all())
    assert told == [(2, ""), (13, "documents_asked")], run.stdout
