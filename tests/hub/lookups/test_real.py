"""The same, with a true provider behind a true socket, that misbehaves as true ones do; and callers at once."""

import asyncio
import threading
from collections.abc import Iterator

import pytest
from django.db import connection

from etoile.connectors.lookup_http import double
from etoile.hub.lookups import asking
from etoile.hub.registry import calling
from etoile.hub.registry.models import Lookup, LookupProvider
from etoile.sdk import LookupOutcome
from etoile.sdk.connector import discover
from etoile.sdk.testing import serve

MAPPING = {"valeur": "=int(data.quotient_familial.valeur)"}


@pytest.fixture
def provider(said, monkeypatch, settings) -> Iterator[double.Provider]:
    """The CAF is the simulated provider, over HTTP; the MSA is still what the test says."""
    simulated = double.Provider()
    monkeypatch.setattr(asking, "installed", lambda: {**discover(), "lookup_csv": said})
    asking.door.cache_clear()
    with serve(simulated.application) as address:
        settings.HUB_ALLOWED_PRIVATE_ADDRESSES = (address.partition("://")[2],)
        configuration = double.settings_of(address)
        parameters = {**configuration["request"]["parameters"], "prenoms[]": "Angela", "anneeDateNaissance": "1978"}
        configuration["request"] = {**configuration["request"], "parameters": {**parameters, "sexeEtatCivil": "F"}}
        row = LookupProvider.objects.get(lookup__name="quotient-familial", slug="caf")
        row.connector, row.configuration, row.mapping = "lookup_http", configuration, MAPPING
        row.secrets = {"token": double.TOKEN}
        row.save()
        yield simulated
        calling.WEB.run(asking.door().close, seconds=2)
    asking.door.cache_clear()


def test_a_question_goes_to_the_provider_and_back(ask, provider) -> None:
    assert ask({"nom": "Dubois"}).json()["data"] == {"valeur": 850}
    assert ask({"nom": "Inconnue"}).json()["result"] == "not_found"


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("slow", "provider-timeout"),
        ("time_out", "provider-timeout"),
        ("down", "provider-down"),
        ("html", "provider-down"),
        ("unauthorized", "provider-misconfigured"),
        ("renamed", "provider-misconfigured"),
    ],
)
def test_whatever_the_provider_does_the_asker_is_answered_in_time_and_told_why(
    ask, provider, said, fault, code
) -> None:
    provider.faults.set(fault)
    LookupProvider.objects.filter(slug="msa").delete()
    told = ask({"nom": "Dubois"}).json()
    assert (told["result"], told["code"]) == ("unavailable", code)
    provider.faults.set(None)


def test_while_as_many_wait_as_may_the_next_one_is_told_to_come_back_and_pages_go_on(emptied, ask, said) -> None:
    entered, leave = threading.Semaphore(0), threading.Event()

    async def waits(query, context):
        entered.release()
        while not leave.is_set():
            await asyncio.sleep(0.01)
        return LookupOutcome.found({"QF": "1"})

    Lookup.objects.update(timeout=20)
    said.words = {"caf": waits}
    statuses: list[int] = []

    def one(number: int) -> None:
        statuses.append(ask({"nom": f"n{number}"}).status_code)
        connection.close()

    waiting = [threading.Thread(target=one, args=[number]) for number in range(2)]
    for thread in waiting:
        thread.start()
    for _ in waiting:
        assert entered.acquire(timeout=60)
    assert ask({"nom": "un de trop"}).status_code == 503
    leave.set()
    for thread in waiting:
        thread.join(60)
    assert statuses == [200, 200]
