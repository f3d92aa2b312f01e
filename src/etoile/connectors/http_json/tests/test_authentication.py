"""The four ways to sign in, and what happens when a token is no longer good."""

import pytest

from etoile.sdk import OutcomeKind
from etoile.sdk.testing import EventFactory

EVENTS = EventFactory()


@pytest.fixture
def event():
    return EVENTS.make(data={"documents": []})


@pytest.mark.parametrize(
    "authentication",
    [
        {"kind": "api_key", "header": "X-API-Key", "secret": "api_key"},
        {"kind": "basic", "username": "town", "secret": "password"},
        {"kind": "bearer", "secret": "token"},
    ],
)
async def test_a_fixed_secret_opens_the_door(bench, event, authentication):
    outcome = await bench.deliver(event, authentication=authentication)
    assert outcome.kind is OutcomeKind.ACKNOWLEDGED


async def test_without_authentication_the_application_says_no(bench, event):
    outcome = await bench.deliver(event, authentication=None)
    assert outcome.kind is OutcomeKind.FIX_CONFIGURATION


def oauth2(url: str) -> dict[str, str]:
    return {"kind": "oauth2", "token_url": f"{url}/token", "client_id": "town", "secret": "client_secret"}


async def test_one_token_serves_many_deliveries(bench, registry, url):
    for _ in range(3):
        outcome = await bench.deliver(EVENTS.make(data={"documents": []}), authentication=oauth2(url))
        assert outcome.kind is OutcomeKind.ACKNOWLEDGED
    assert registry.tokens == 1


async def test_a_token_the_application_forgot_is_asked_for_again_once(bench, registry, event, url):
    await bench.deliver(EVENTS.make(data={"documents": []}), authentication=oauth2(url))
    registry.clock.advance(3600)
    outcome = await bench.deliver(event, authentication=oauth2(url))
    assert (outcome.kind, registry.tokens) == (OutcomeKind.ACKNOWLEDGED, 2)


async def test_a_token_refused_twice_is_for_a_human(bench, registry, event, url):
    registry.application.set("unauthorized", path="/records")
    outcome = await bench.deliver(event, authentication=oauth2(url))
    assert (outcome.kind, registry.tokens) == (OutcomeKind.FIX_CONFIGURATION, 2)


async def test_a_client_the_application_does_not_know_is_for_a_human(bench, event, url):
    secrets = {"client_secret": "of somebody else"}
    outcome = await bench.deliver(event, authentication=oauth2(url), secrets=secrets)
    assert outcome.kind is OutcomeKind.FIX_CONFIGURATION
    assert "jeton" in outcome.message


@pytest.mark.parametrize("fault", ["unavailable", "html", "down"])
async def test_a_token_service_that_is_down_is_tried_again(bench, registry, event, url, fault):
    registry.application.set(fault, path="/token")
    outcome = await bench.deliver(event, authentication=oauth2(url))
    assert outcome.kind is OutcomeKind.RETRY


async def test_another_secret_asks_for_another_token(bench, registry, event, url):
    await bench.deliver(EVENTS.make(data={"documents": []}), authentication=oauth2(url))
    outcome = await bench.deliver(event, authentication=oauth2(url), secrets={"client_secret": "changed"})
    assert outcome.kind is OutcomeKind.FIX_CONFIGURATION
    assert registry.tokens == 1
