"""The connector facing its double, over a real socket: what each answer, and each fault, means for who waits."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from etoile.connectors.lookup_http import CONNECTOR
from etoile.connectors.lookup_http.configuration import Configuration
from etoile.connectors.lookup_http.double import ABSENT, KINDS, QUERY, TOKEN, Provider, settings_of
from etoile.sdk import Door, LookupResult
from etoile.sdk.testing import assert_conforms, make_context, serve

FOUND, NOT_FOUND, REFUSED, UNAVAILABLE = LookupResult
ADDRESS = {
    "authentication": None,
    "request": {"path": "/geocodage/search", "parameters": {"q": "=query.texte", "limit": "=query.limite"}},
    "found": "response.status == 200 && size(response.body.features) > 0",
    "absent": "response.status == 200 && size(response.body.features) == 0",
    "refused": [{"when": "response.status == 400", "message": "Écrivez au moins trois lettres."}],
    "answer": "response.body.features.map(each, each.properties.label)",
}


class Bench:
    def __init__(self, provider: Provider, url: str, door: Door) -> None:
        self.provider, self.url, self.door = provider, url, door

    def context(self, *, secrets: Any = None, seconds: float = 20, **changes: Any) -> Any:
        configuration = Configuration.model_validate({**settings_of(self.url), **changes})
        given = {"token": TOKEN} if secrets is None else secrets
        return make_context(
            configuration, secrets=given, http=self.door, seconds=seconds, subscription="caf", provider=True
        )

    async def ask(self, query: Any = None, **changes: Any) -> Any:
        return await CONNECTOR.lookup(QUERY if query is None else query, self.context(**changes))


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    provider = Provider()
    with serve(provider.application) as url:
        async with Door([url.partition("://")[2]]) as door:
            yield Bench(provider, url, door)


def test_it_conforms() -> None:
    assert_conforms(CONNECTOR)


async def test_an_answer_is_given_as_the_application_says_it(bench) -> None:
    outcome = await bench.ask()
    assert outcome.result is FOUND
    assert outcome.data["quotient_familial"]["valeur"] == 850


async def test_an_absence_is_known_by_its_content_and_not_by_a_404_alone(bench) -> None:
    assert (await bench.ask(ABSENT)).result is NOT_FOUND
    bench.provider.faults.set("not_found")
    lost = await bench.ask(ABSENT)
    assert (lost.result, lost.misconfigured) == (UNAVAILABLE, True)


async def test_a_refusal_is_told_in_the_words_of_the_application(bench) -> None:
    outcome = await bench.ask({**QUERY, "nom": ""})
    assert (outcome.result, outcome.message) == (REFUSED, "Le paramètre nomNaissance manque.")


async def test_lists_are_repeated_and_what_is_null_is_not_sent(bench) -> None:
    seen = await bench.ask({**QUERY, "prenoms": ["Angela"]})
    assert seen.result is FOUND
    unknown = await bench.ask({"nom": "Dubois"})
    assert (unknown.result, unknown.detail) == (UNAVAILABLE, "formula")
    assert "query.prenoms" in unknown.message


async def test_an_open_api_is_asked_without_access_and_its_rules_are_told(bench) -> None:
    found = await bench.ask({"texte": "rue des Lilas", "limite": 2}, **ADDRESS)
    assert found.data == ["12 rue des Lilas 49999 Valmont-sur-Loire", "14 rue des Lilas 49999 Valmont-sur-Loire"]
    assert (await bench.ask({"texte": "avenue", "limite": 2}, **ADDRESS)).result is NOT_FOUND
    short = await bench.ask({"texte": "'", "limite": 2}, **ADDRESS)
    assert (short.result, short.message) == (REFUSED, "Écrivez au moins trois lettres.")


async def test_a_question_may_be_a_body_and_a_page_of_many_is_refused_rather_than_given_as_the_whole(bench) -> None:
    asked = {
        "request": {"method": "POST", "path": "/search", "body": {"text": "=query.texte"}},
        "found": "has(response.body.items)",
        "cut": "response.body.more",
        "answer": "{'labels': response.body.items}",
    }
    assert (await bench.ask({"texte": "Église"}, **asked)).data == {
        "labels": ["place de l'Église 49999 Valmont-sur-Loire"]
    }
    wide = await bench.ask({"texte": "rue"}, **asked)
    assert (wide.result, wide.message) == (REFUSED, "La question est trop large : précisez-la.")


EXPECTED = {
    "down": (UNAVAILABLE, False),
    "time_out": (UNAVAILABLE, False),
    "slow": (UNAVAILABLE, False),
    "unauthorized": (UNAVAILABLE, True),
    "forbidden": (UNAVAILABLE, True),
    "not_found": (UNAVAILABLE, True),
    "conflict": (UNAVAILABLE, False),
    "gone": (UNAVAILABLE, True),
    "too_many": (UNAVAILABLE, False),
    "error": (UNAVAILABLE, False),
    "unavailable": (UNAVAILABLE, False),
    "redirect": (UNAVAILABLE, True),
    "html": (UNAVAILABLE, False),
    "truncated": (UNAVAILABLE, False),
    "wrong_charset": (UNAVAILABLE, False),
    "renamed": (UNAVAILABLE, True),
}


@pytest.mark.parametrize("kind", sorted(KINDS))
async def test_each_fault_is_no_answer_in_words_for_a_human_and_never_an_absence(bench, kind) -> None:
    bench.provider.faults.set(kind)
    outcome = await bench.ask(timeout=0.3)
    assert (outcome.result, outcome.misconfigured) == EXPECTED[kind]
    assert outcome.message.endswith(".")
    assert "Dubois" not in outcome.message + outcome.detail
    bench.provider.faults.set(None)
    assert (await bench.ask()).result is FOUND


async def test_the_time_that_an_application_asks_for_is_told(bench) -> None:
    bench.provider.faults.set("too_many", retry_after=3600)
    assert (await bench.ask()).retry_after == 3600


async def test_a_wrong_secret_and_a_missing_one_are_told_where_they_go(bench) -> None:
    assert (await bench.ask(secrets={"token": "another"})).misconfigured
    missing = await bench.ask(secrets={})
    assert "« token » du fournisseur « caf » manque" in missing.message
    assert bench.provider.asked == {"/v3/dss/quotient_familial/identite": 1}


async def test_the_check_asks_no_question(bench) -> None:
    checks = await CONNECTOR.check(bench.context())
    assert all(line.ok for line in checks)
    assert bench.provider.asked == {"/api/pings": 1}
    refused = await CONNECTOR.check(bench.context(secrets={"token": "another"}))
    assert [line.name for line in refused if not line.ok] == ["credentials"]
    wrong = await CONNECTOR.check(bench.context(answer="response.", request={"path": "/{query.}", "headers": {}}))
    assert "answer" in wrong[0].message
    assert "request.path" in wrong[0].message
    body = {"method": "POST", "path": "/", "body": {"a": "=query."}}
    assert "request.body/a" in (await CONNECTOR.check(bench.context(request=body)))[0].message
    missing = await CONNECTOR.check(bench.context(secrets={}))
    assert [line.name for line in missing if not line.ok] == ["secrets"]


def test_a_body_is_not_sent_with_a_get() -> None:
    with pytest.raises(ValueError, match="POST"):
        Configuration.model_validate({"base_url": "https://a.test", "request": {"path": "/", "body": {"a": 1}}})
