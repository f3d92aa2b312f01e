"""The platform of identity that a module names (`PLATFORM`), simulated on a real socket under `START`."""

from collections.abc import Iterator

import pytest

from etoile.doubles.identity.provider import Provider
from tests.gru.identity.going import served


@pytest.fixture(scope="module")
def platform(request) -> Iterator[tuple[Provider, str]]:
    with served(request.module.PLATFORM, request.module.START) as both:
        yield both


@pytest.fixture(scope="module")
def provider(platform) -> Provider:
    return platform[0]


@pytest.fixture(scope="module")
def issuer(platform) -> str:
    return platform[1]
