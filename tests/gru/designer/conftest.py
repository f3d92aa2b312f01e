import pytest

from etoile.gru.access.models import Role
from etoile.gru.forms.editing import drafts
from tests.gru.conftest import log_in


@pytest.fixture
def designer(client, town):
    """Nadia may design, for the whole authority."""
    town.agent.memberships.update(role=Role.DESIGNER)
    log_in(client, town.agent)
    return client


@pytest.fixture
def draft(town):
    return drafts.create(town.authority, title={"fr": "Brocante"}, team=town.team, by=town.agent)


@pytest.fixture
def desk(designer, draft):
    """`desk.post("pages/ajouter/", title=…)` on the draft, with the revision of now; `desk.source()` after it."""
    return Desk(designer, draft)


class Desk:
    ROOT = "/agents/demarches/"

    def __init__(self, client, draft):
        self.client, self.draft = client, draft

    def get(self, address=""):
        return self.client.get(f"{self.ROOT}brocante/{address}")

    def post(self, address, **data):
        self.draft.refresh_from_db()
        return self.client.post(f"{self.ROOT}brocante/{address}", {"revision": self.draft.revision, **data})

    def source(self):
        self.draft.refresh_from_db()
        return self.draft.source
