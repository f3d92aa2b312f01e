"""A simulated application may keep a change to itself, or tell changes in the wrong order; its records stay right."""

import json
from datetime import UTC, datetime

import pytest

from etoile.doubles.services_techniques.application import PROFILE as WORKS
from etoile.doubles.simulation import telling
from etoile.doubles.simulation.store import Store
from etoile.doubles.vie_locale.application import PROFILE as EVENTS


@pytest.fixture
def store(tmp_path):
    opened = Store(tmp_path / "memory.sqlite")
    yield opened
    opened.close()


def received(store, profile, key="k"):
    item, _ = store.receive(
        telling.kind_of(profile),
        key=key,
        uuid=key,
        reference="26-T1",
        payload={},
        subject="case/1",
        authority="21450000000019",
    )
    return item.number


def queued(store):
    rows = store.rows("SELECT event FROM outgoing WHERE state = 'waiting' ORDER BY position")
    return [json.loads(row["event"])["data"]["business_status"]["code"] for row in rows]


def test_a_change_that_is_never_told_is_recorded_and_the_next_one_is_told(store):
    number = received(store, EVENTS)
    store.faults.set("lost_notification", count=1)
    telling.advance(EVENTS, store, number, "EN_COURS")
    telling.advance(EVENTS, store, number, "CONFIRMEE")
    assert (store.item(number).code, queued(store)) == ("CONFIRMEE", ["CONFIRMEE"])


def test_changes_told_in_the_wrong_order_keep_their_own_ranks(store):
    number = received(store, EVENTS)
    store.faults.set("out_of_order", count=1)
    telling.advance(EVENTS, store, number, "EN_COURS")
    assert queued(store) == []
    telling.advance(EVENTS, store, number, "CONFIRMEE")
    telling.advance(EVENTS, store, number, "COMPLET")
    assert queued(store) == ["CONFIRMEE", "EN_COURS", "COMPLET"]


def test_an_application_that_is_asked_is_silent_or_answers_backwards(store):
    first, second = received(store, WORKS, "a"), received(store, WORKS, "b")
    store.faults.set("lost_notification", count=1)
    telling.advance(WORKS, store, first, "PEC")
    assert [item.number for item in store.news()] == [second]
    telling.advance(WORKS, store, first, "PLA")
    assert [item.number for item in store.news()] == [second, first]
    store.faults.set("out_of_order", count=1)
    assert [item.number for item in store.news()] == [first, second]


def test_the_clock_of_the_application_dates_what_it_does(store):
    store.clock.set(datetime(2026, 11, 24, 8, tzinfo=UTC))
    number = received(store, WORKS)
    store.clock.advance(3600)
    telling.advance(WORKS, store, number, "PEC")
    item = store.item(number)
    assert item.changed_at - item.received_at == 3_600_000
