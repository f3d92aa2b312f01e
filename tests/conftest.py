"""No test asserts a duration, the properties neither: a machine may be busy."""

import pytest
from hypothesis import settings
from pytest_django import DjangoDbBlocker

from tests.migrated import migrated_once

settings.register_profile("busy", deadline=None)
settings.load_profile("busy")


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> None:
    """The fixture of pytest-django, which has little to do once a run has migrated."""
    with migrated_once(django_db_blocker, request.config.cache.mkdir("migrated")):
        request.getfixturevalue("django_db_setup")
