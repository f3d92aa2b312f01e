import multiprocessing
import threading
import time
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etoile.contract import identifiers
from etoile.contract.identifiers import first_uuid7, time_of, uuid7

MOMENTS = st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(9000, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def test_an_identifier_is_a_uuid_of_version_7_of_the_rfc_variant():
    made = uuid7()
    assert (made.version, made.variant) == (7, uuid.RFC_4122)


def test_identifiers_of_one_process_only_grow_whatever_the_thread():
    made: list[list[uuid.UUID]] = [[] for _ in range(4)]

    def fill(into: list[uuid.UUID]) -> None:
        into.extend(uuid7() for _ in range(2000))

    threads = [threading.Thread(target=fill, args=(each,)) for each in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(each == sorted(each) for each in made)
    assert len({one for each in made for one in each}) == 8000


def test_identifiers_grow_even_when_the_clock_goes_back(monkeypatch):
    before = [uuid7() for _ in range(10)]
    real = time.time_ns()
    monkeypatch.setattr(identifiers.time, "time_ns", lambda: real - 3_600_000_000_000)
    after = [uuid7() for _ in range(10)]
    assert before + after == sorted(before + after)


def test_a_millisecond_that_has_no_room_left_borrows_the_next_one(monkeypatch):
    monkeypatch.setattr(identifiers, "_last_millisecond", 2**47)
    monkeypatch.setattr(identifiers, "_last_random", 2**74 - 1)
    assert time_of_milliseconds(uuid7()) == 2**47 + 1


def time_of_milliseconds(identifier: uuid.UUID) -> int:
    return identifier.int >> 80


def test_the_time_of_an_identifier_is_the_time_it_was_made():
    assert abs(time_of(uuid7()) - datetime.now(UTC)) < timedelta(hours=1)


@given(MOMENTS)
def test_the_first_identifier_of_a_moment_bounds_those_that_follow(moment):
    bound = first_uuid7(moment)
    assert time_of(bound) == moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    assert bound.version == 7
    assert first_uuid7(moment + timedelta(milliseconds=1)) > bound


@given(st.lists(MOMENTS, min_size=2, max_size=5))
def test_the_order_of_first_identifiers_is_the_order_of_time(moments):
    to_the_millisecond = sorted(each.replace(microsecond=each.microsecond // 1000 * 1000) for each in moments)
    bounds = [first_uuid7(each) for each in to_the_millisecond]
    assert bounds == sorted(bounds)


def test_a_naive_moment_is_refused():
    with pytest.raises(ValueError, match="aware"):
        first_uuid7(datetime(2026, 1, 1))  # noqa: DTZ001


def test_another_version_has_no_time():
    with pytest.raises(ValueError, match="version 7"):
        time_of(uuid.uuid4())


def _some(queue):
    queue.put([uuid7().int for _ in range(500)])


def test_two_children_of_one_process_never_make_the_same_identifier(monkeypatch):
    # One frozen millisecond: only the random part may tell them apart.
    uuid7()
    frozen = time.time_ns()
    monkeypatch.setattr(identifiers.time, "time_ns", lambda: frozen)
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    children = [context.Process(target=_some, args=(queue,)) for _ in range(2)]
    for child in children:
        child.start()
    made = [one for _ in children for one in queue.get(timeout=120)]
    for child in children:
        child.join()
    assert len(set(made)) == 1000
