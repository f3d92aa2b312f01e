"""The way back, and the button « Vérifier »."""

from datetime import UTC, datetime

import pytest

from etoile.sdk import DoorError
from etoile.sdk.testing import EventFactory


async def record(bench, count: int = 1) -> None:
    factory = EventFactory()
    for _ in range(count):
        await bench.deliver(factory.make(data={"documents": []}))


@pytest.mark.parametrize("version", ["1.1", "1.2"])
async def test_what_changed_comes_back_in_common_words(bench, family, version):
    first = await bench.connector.poll(None, bench.context(version=version))
    assert first.returned == []  # an empty list is one, and not a missing element
    await record(bench, 2)
    family.move("FAM-00001", "VALIDEE", "Validée")
    polled = await bench.connector.poll(first.cursor, bench.context(version=version))
    assert [(number, returned.status) for number, returned in polled.returned] == [
        ("FAM-00002", "received"),
        ("FAM-00001", "accepted"),
    ]
    assert polled.returned[-1][1].occurred_at > datetime(2026, 11, 24, 8, tzinfo=UTC)


async def test_a_state_that_the_table_does_not_know_is_told_in_progress(bench, family):
    await record(bench)
    family.move("FAM-00001", "AUTRE", "Étrange")
    [(_, returned)] = (await bench.connector.poll(None, bench.context())).returned
    assert (returned.status, returned.business_label) == ("in_progress", "Étrange")


@pytest.mark.parametrize(
    ("fault", "words"),
    [("html", "inattendue"), ("unavailable", "indisponible"), ("unauthorized", "identifiants"), ("down", "répond pas")],
)
async def test_a_reading_that_fails_says_why_and_moves_nothing(bench, family, fault, words):
    family.application.set(fault)
    with pytest.raises(DoorError, match=words):
        await bench.connector.poll("2026-11-24T08:00:00Z", bench.context())


async def test_without_the_setting_nothing_is_asked(bench, family):
    assert (await bench.connector.poll("there", bench.context(poll=None))).cursor == "there"
    assert family.calls == []


async def checked(bench, **changes):
    return {each.name: (each.ok, each.message) for each in await bench.connector.check(bench.context(**changes))}


async def test_all_is_well(bench, family):
    found = await checked(bench)
    assert {name for name, (ok, _) in found.items() if ok} == {
        *("contract", "settings", "mapping", "return", "reachability", "credentials")
    }
    assert family.calls == ["version"]


@pytest.mark.parametrize(
    ("changes", "name", "words"),
    [
        ({"secrets": {"password": "x"}}, "credentials", "identifiants"),
        ({"secrets": {}}, "credentials", "Le secret « password »"),
        ({"mapping": None}, "mapping", "manque"),
        ({"mapping": {"referense": "=x"}}, "mapping", "« referense » n’existe pas"),
        ({"mapping": {"reference": "=event.id"}}, "return", "ajoutez-y la partie « return »"),
        ({"success": {"when": "response.", "external_id": "'1'"}}, "settings", "success.when"),
        ({"url": "https://127.0.0.1:9/x"}, "reachability", "n’est pas autorisée"),
        ({"url": "https://127.0.0.1:9/x", "check": None}, "reachability", "n’est pas autorisée"),
    ],
)
async def test_what_is_wrong_is_said(bench, changes, name, words):
    ok, message = (await checked(bench, **changes))[name]
    assert (ok, words in message) == (False, True), message


async def test_an_address_that_answers_anything_is_reached(bench):
    assert (await checked(bench, check=None))["reachability"][0]


async def test_a_page_in_the_place_of_the_service_is_not_taken_for_it(bench, family):
    family.application.set("html")
    assert not (await checked(bench))["reachability"][0]
