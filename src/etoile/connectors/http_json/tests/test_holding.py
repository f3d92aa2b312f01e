"""What the application says it holds: every page, each number once, or the admission that there is more."""

from datetime import UTC, datetime

import pytest

from etoile.connectors.http_json import holding
from etoile.sdk import DoorError, HeldItem
from etoile.sdk.testing import EventFactory

EVENTS = EventFactory()
START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
HELD = {
    "path": "/records?since={since}&top=3",
    "items": "response.body.items",
    "position": "item.changed",
    "more": "size(response.body.items) == 3",
    "external_id": "item.number",
    "reference": "item.state.code",
}


async def record(bench, count: int) -> None:
    for _ in range(count):
        await bench.deliver(EVENTS.make(data={"documents": []}))


async def test_every_page_is_read_and_each_number_told_once(bench):
    await record(bench, 8)
    held = await bench.connector.held(START, bench.context(held=HELD))
    assert held.complete
    assert held.items == [HeldItem(f"R-{rank}", "NEW") for rank in range(1, 9)]


async def test_what_came_before_is_not_asked_for(bench, registry):
    await record(bench, 3)
    registry.move("R-1", "DONE", "Fait")
    held = await bench.connector.held(registry.clock.now(), bench.context(held=HELD))
    assert [each.external_id for each in held.items] == ["R-1"]


async def test_a_list_that_cannot_be_read_to_its_end_is_said_incomplete(bench, monkeypatch):
    monkeypatch.setattr(holding, "MAX_PAGES", 2)
    await record(bench, 8)
    held = await bench.connector.held(START, bench.context(held=HELD))
    assert (held.complete, len(held.items)) == (False, 5)
    stuck = await bench.connector.held(START, bench.context(held={**HELD, "position": "'2000'"}))
    assert (stuck.complete, len(stuck.items)) == (False, 3)


async def test_without_the_setting_nothing_is_asked(bench, registry):
    assert await bench.connector.held(START, bench.context(held=None)) is None
    assert registry.requests == []


async def test_an_application_that_does_not_answer_is_told_in_plain_words(bench, registry):
    registry.application.set("unavailable")
    with pytest.raises(DoorError, match="indisponible"):
        await bench.connector.held(START, bench.context(held=HELD))
    registry.application.set(None)
    with pytest.raises(DoorError, match="n’est pas lisible"):
        await bench.connector.held(START, bench.context(held={**HELD, "items": "response.body"}))
