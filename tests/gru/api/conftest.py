import pytest
from tests.gru.api.calling import Caller
from tests.gru.conftest import Town


@pytest.fixture
def caller(town: Town) -> Caller:
    made = Caller(town)
    made.sign_in()
    return made
