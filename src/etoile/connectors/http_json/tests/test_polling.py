"""The progress read back: nothing lost, oldest first, in the words of the application."""

from datetime import UTC, datetime

import pytest

from etoile.connectors.http_json.double import MAPPING, SEND
from etoile.sdk import DoorError
from etoile.sdk.progress import earlier
from etoile.sdk.testing import EventFactory

EVENTS = EventFactory()


async def record(bench, count: int = 1) -> None:
    for _ in range(count):
        await bench.deliver(EVENTS.make(data={"documents": []}))


def codes(polled):
    return [(number, one.business_code) for number, one in polled.returned]


async def test_the_first_reading_tells_all_then_only_what_is_near_or_new(bench, registry, settings):
    await record(bench, 2)
    context = bench.context(poll={**settings["poll"], "overlap_seconds": 0})
    first = await bench.connector.poll(None, context)
    assert codes(first) == [("R-1", "NEW"), ("R-2", "NEW")]
    registry.move("R-1", "DONE", "Fait")
    second = await bench.connector.poll(first.cursor, context)
    # The last one seen comes again: the application is asked for "since or at", so that nothing falls between.
    assert codes(second) == [("R-2", "NEW"), ("R-1", "DONE")]


async def test_a_status_carries_the_common_word_and_the_application_s_own(bench, registry):
    await record(bench)
    registry.move("R-1", "DONE", "Terminé")
    polled = await bench.connector.poll(None, bench.context())
    [(number, returned)] = polled.returned
    assert (number, returned.external_id, returned.status) == ("R-1", "R-1", "closed")
    assert (returned.business_code, returned.business_label) == ("DONE", "Terminé")
    assert returned.occurred_at == datetime(2026, 11, 24, 8, 0, 2, tzinfo=UTC)


async def test_an_unknown_state_is_told_in_progress_rather_than_lost(bench, registry, settings):
    await record(bench)
    registry.move("R-1", "ODD", "Étrange")
    polled = await bench.connector.poll(None, bench.context())
    assert (polled.returned[0][1].status, polled.returned[0][1].business_label) == ("in_progress", "Étrange")
    back = {**MAPPING["return"], "statuses": {**MAPPING["return"]["statuses"], "*": "transferred"}}
    polled = await bench.connector.poll(None, bench.context(mapping={**MAPPING, "return": back}))
    assert polled.returned[0][1].status == "transferred"


async def test_words_too_long_for_the_contract_are_cut_not_lost(bench, registry):
    await record(bench)
    registry.move("R-1", "DONE", "très long " * 100)
    polled = await bench.connector.poll(None, bench.context())
    assert len(polled.returned[0][1].business_label) == 200


async def test_every_page_is_read(bench, settings):
    await record(bench, 7)
    paged = {**settings["poll"], "path": "/records?since={since}&top=3", "more": "size(response.body.items) == 3"}
    polled = await bench.connector.poll(None, bench.context(poll=paged))
    assert {number for number, _ in polled.returned} == {f"R-{rank}" for rank in range(1, 8)}
    assert not polled.more


async def test_the_overlap_goes_back_before_the_cursor(bench, settings):
    await record(bench, 3)
    context = bench.context(poll={**settings["poll"], "overlap_seconds": 2})
    first = await bench.connector.poll(None, context)
    again = await bench.connector.poll(first.cursor, context)
    assert [number for number, _ in again.returned] == ["R-1", "R-2", "R-3"]
    assert again.cursor == first.cursor


def test_a_position_is_moved_back_in_the_writing_of_the_application():
    assert earlier("2026-11-24T08:00:00Z", 60) == "2026-11-24T07:59:00Z"
    assert earlier("2026-11-24T08:00:00.500+01:00", 1) == "2026-11-24T07:59:59.500+01:00"
    assert earlier("41827", 60) == "41827"
    assert earlier("0001-01-01T00:00:00Z", 60) == "0001-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("html", "réponse inattendue"),
        ("unavailable", "indisponible"),
        ("unauthorized", "identifiants"),
        ("down", "ne répond pas"),
    ],
)
async def test_a_reading_that_fails_says_why_and_moves_nothing(bench, registry, fault, words):
    registry.application.set(fault)
    with pytest.raises(DoorError, match=words):
        await bench.connector.poll("2026-11-24T08:00:00Z", bench.context())


async def test_a_list_of_another_shape_is_said_in_plain_words(bench, settings):
    await record(bench)
    for change in ({"items": "response.body"}, {"position": "item.state.code"}, {"position": "item.nowhere"}):
        with pytest.raises(DoorError, match="n’est pas lisible"):
            await bench.connector.poll(None, bench.context(poll={**settings["poll"], **change}))
    for change in ({"code": "=answer.nowhere"}, {"number": "=answer.state.nowhere"}, {"at": "=answer.state.code"}):
        with pytest.raises(DoorError, match="n’est pas lisible"):
            await bench.connector.poll(None, bench.context(mapping={**MAPPING, "return": MAPPING["return"] | change}))


async def test_without_a_way_back_in_the_mapping_nothing_is_asked_and_it_is_said(bench, registry):
    with pytest.raises(DoorError, match="ajoutez-y la partie « return »"):
        await bench.connector.poll(None, bench.context(mapping=SEND))
    assert registry.requests == []


async def test_without_the_setting_nothing_is_asked(bench, registry):
    polled = await bench.connector.poll("there", bench.context(poll=None))
    assert (polled.cursor, polled.returned, registry.requests) == ("there", [], [])
