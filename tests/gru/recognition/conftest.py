"""Simulated FranceConnect and FranceConnect+ on real sockets, used by the town."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.core.cache import cache
from jwcrypto.jwk import JWK

from etoile.doubles.identity.double import private_key
from etoile.doubles.identity.platforms import FRANCECONNECT, FRANCECONNECT_PLUS
from etoile.doubles.identity.provider import Client, Provider
from etoile.gru.identity.environment import Identities
from etoile.gru.identity.platforms import franceconnect, franceconnect_plus
from etoile.sdk.testing import serve
from tests.gru.identity.going import HTTP

HOST, SECRET = "http://testserver", "a-secret-of-the-tests"


def registered(slug: str, key: JWK | None = None) -> Client:
    where = f"{HOST}/identite/{slug}"
    return Client("town", SECRET, (f"{where}/retour/",), (f"{where}/fin/",), "ES256", key)


@pytest.fixture(scope="session")
def platforms() -> Iterator[tuple[Provider, Identities]]:
    low = Provider(FRANCECONNECT, registered("franceconnect"))
    high = Provider(FRANCECONNECT_PLUS, registered("franceconnect-plus", JWK.from_pem(private_key().encode())))
    with serve(low.faults) as here, serve(high.faults) as there:
        yield (
            low,
            Identities(
                franceconnect=franceconnect(f"{here}/api/v2", "town", SECRET, "ES256"),
                franceconnect_plus=franceconnect_plus(f"{there}/api/v2", "town", SECRET, "ES256", private_key()),
            ),
        )
        HTTP.clear()


@pytest.fixture
def low(platforms, settings) -> Provider:
    """Both platforms in use; the one given is FranceConnect."""
    cache.clear()
    provider, settings.IDENTITY = platforms
    settings.IDENTITY = replace(settings.IDENTITY)
    return provider
