import pytest
from tests.gru.conftest import log_in

from etoile.gru.access.models import Membership, Role


@pytest.fixture
def administrator(town, client):
    Membership.objects.filter(account=town.agent).update(role=Role.ADMINISTRATOR, team=None)
    log_in(client, town.agent)
    return town.agent
