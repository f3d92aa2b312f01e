import pytest
from tests.gru.conftest import log_in

from etoile.gru.access.models import Role
from etoile.gru.access.services import create_agent


@pytest.fixture
def administrator(town, client):
    found = create_agent(town.authority, "alix@valmont.example", password=None, roles={None: [Role.ADMINISTRATOR]})
    log_in(client, found)
    return found
