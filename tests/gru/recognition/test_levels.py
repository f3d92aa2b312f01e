"""A procedure may ask that the State say who sends, at a level: it is asked again when it is sent."""

import pytest
from django.test import Client

from etoile.gru.api.creation import create
from etoile.gru.api.problems import Refusal
from etoile.gru.api.shapes.cases import CaseIn
from etoile.gru.cases.models import Case
from etoile.gru.filling.identified import SEEN, is_enough
from etoile.gru.filling.models import Draft
from etoile.gru.forms.models import Procedure
from etoile.gru.forms.parsing import parse
from etoile.gru.forms.services import load
from etoile.gru.recognition.models import Identified
from tests.gru.conftest import PROCEDURE, log_in
from tests.gru.identity.going import come_back

FC, PLUS, SPACE, START = (
    "/identite/franceconnect/", "/identite/franceconnect-plus/", "/mon-espace/", "/demarches/acte/remplir/",
)  # fmt: skip
ANSWERS = {"nom": "Le Goff", "courriel": "marie@exemple.fr", "motif": "Mariage", "allergie": ""}
BUTTON = 'name="level" value="eidas2"'


@pytest.mark.parametrize(
    ("asked", "enough"),
    [
        ("", ["", "eidas1", SEEN]),
        ("eidas1", ["eidas1", "eidas2", "eidas3", SEEN]),
        ("eidas2", ["eidas2", "eidas3", SEEN]),
        ("eidas3", ["eidas3", SEEN]),
    ],
)
def test_a_level_is_enough_when_it_is_at_least_the_one_asked(asked, enough):
    definition = parse({**PROCEDURE, **({"identity": asked} if asked else {})})
    tried = ["", "eidas1", "eidas2", "eidas3", "eidas4", SEEN]
    assert [each for each in tried if is_enough(definition, each)] == (tried if not asked else enough)


@pytest.fixture
def asking(town):
    version = load(town.authority, {**PROCEDURE, "identity": "eidas2"})
    Procedure.objects.filter(pk=version.procedure_id).update(state="published", current=version)
    return town


def test_who_sends_is_at_the_level_asked_at_the_start_and_at_the_end(asking, low, client):
    assert BUTTON in client.get(START).content.decode()
    assert client.post(START).status_code == 403
    come_back(client, FC, "marie")
    assert client.post(START).status_code == 403, "eidas1 is too low"
    assert not Draft.objects.exists()

    assert come_back(client, PLUS, "marie", level="eidas2", suite=START)["Location"] == START
    assert BUTTON not in client.get(START).content.decode()
    page = client.post(START)["Location"]
    summary = client.post(page, ANSWERS)["Location"]
    assert 'id="envoyer"' in client.get(summary).content.decode()

    # The space is closed meanwhile: the answers stay, nothing is sent.
    client.post(f"{SPACE}deconnexion/")
    assert BUTTON in client.get(summary).content.decode()
    assert "soit confirmée avant l’envoi" in client.post(summary, follow=True).content.decode()
    assert not Case.objects.exists()
    come_back(client, PLUS, "marie", level="eidas2")
    assert client.post(summary)["Location"].endswith("/envoyee")

    kept = Identified.objects.get()
    assert (kept.name, kept.platform, kept.level) == ("Marie Le Goff", "franceconnect-plus", "eidas2")
    agent = Client()
    log_in(agent, asking.agent)
    seen = agent.get(f"/agents/demandes/{kept.case_id}/").content.decode()
    assert "Identité vérifiée" in seen and "Par FranceConnect+, niveau substantiel" in seen


def test_a_program_cannot_send_for_somebody_who_must_show_who_they_are(asking, monkeypatch):
    version = Procedure.objects.get(slug="acte").current
    monkeypatch.setattr("etoile.gru.api.creation.version_of", lambda allowed, slug: version)
    with pytest.raises(Refusal) as refused:
        create(None, CaseIn(procedure="acte", answers={}))
    assert refused.value.status == 403


def test_without_a_platform_that_gives_the_level_the_page_says_where_to_go(asking, client):
    page = client.get(START).content.decode()
    assert "Ce n’est pas possible en ligne ici pour l’instant" in page
    assert 'action="/identite/' not in page
