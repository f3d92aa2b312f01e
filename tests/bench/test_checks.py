"""What reads the sink's log must find what is lost, repeated or out of order; what reads a plan, that it changed."""

import os
import time
from types import SimpleNamespace

import pytest
from bench.arrivals import Arrival, middle, per_second, percentile, verdict
from bench.engines import absent
from bench.latency import waits
from bench.plans import nodes, shape
from bench.processor import Meter
from bench.star import star

EVENTS = [SimpleNamespace(id=f"e{each}", subject=f"case/{each % 2}", sequence=each) for each in range(6)]
ALL_WELL = [Arrival(path, event.id, moment) for path in ("/s0", "/s1") for moment, event in enumerate(EVENTS)]
NOTHING = {"lost": 0, "repeated": 0, "foreign": 0, "out_of_order": 0}


def judged(arrivals):
    return {kind: number for kind, number in verdict(arrivals, EVENTS, ["/s0", "/s1"]).items() if number}


def test_a_run_where_all_is_well_is_judged_so():
    assert verdict(ALL_WELL, EVENTS, ["/s0", "/s1"]) == NOTHING


def test_a_delivery_that_never_came_is_lost():
    assert judged(ALL_WELL[1:]) == {"lost": 1}


def test_an_event_that_came_to_one_subscription_only_is_lost_for_the_other():
    assert judged([arrival for arrival in ALL_WELL if arrival.path == "/s0"]) == {"lost": len(EVENTS)}


def test_what_came_twice_is_repeated_and_its_second_coming_is_not_out_of_order():
    assert judged([*ALL_WELL, Arrival("/s0", "e0", 99)]) == {"repeated": 1}


def test_a_later_one_of_the_same_subject_that_came_first_is_out_of_order():
    changed = [arrival._replace(moment=99) if arrival[:2] == ("/s1", "e0") else arrival for arrival in ALL_WELL]
    assert judged(changed) == {"out_of_order": 1}


def test_what_nobody_sent_is_foreign():
    assert judged([*ALL_WELL, Arrival("/s0", "e99", 1)]) == {"foreign": 1}


def test_two_subjects_may_cross():
    arrivals = [Arrival("/s0", "e1", 0), Arrival("/s0", "e0", 1)]
    assert verdict(arrivals, EVENTS[:2], ["/s0"]) == NOTHING


def test_a_rate_is_from_the_first_arrival_to_the_last():
    assert per_second([Arrival("/s0", str(each), each * 10**8) for each in range(11)]) == pytest.approx(10)


@pytest.mark.parametrize(("share", "value"), [(0.5, 2), (0.75, 3), (0.95, 4), (1.0, 4)])
def test_a_percentile_is_a_value_that_was_measured(share, value):
    assert percentile([4, 1, 3, 2], share) == value


def test_the_middle_of_the_rounds_leaves_a_bad_one_aside():
    assert middle([{"rate": 1}, {"rate": 100}, {"rate": 101}], "rate") == 100


def test_a_wait_is_counted_from_the_answer_and_the_first_arrival_counts():
    accepted = {"a": (0, 2_000_000), "b": (0, 9_000_000)}
    arrivals = [Arrival("/s0", "a", 5_000_000), Arrival("/s0", "a", 90_000_000), Arrival("/s0", "b", 6_000_000)]
    found = waits(arrivals, accepted)
    assert (found["p50_ms"], found["p95_ms"]) == (0.0, 3.0)
    assert (found["from_request_p50_ms"], found["from_request_p95_ms"]) == (5.0, 6.0)


def test_the_same_plan_with_other_figures_has_the_same_shape_and_another_index_does_not():
    def plan(index, rows):
        return {"Node Type": "Limit", "Plans": [{"Node Type": "Index Scan", "Index Name": index, "Plan Rows": rows}]}

    assert shape(plan("due", 1)) == shape(plan("due", 10**6))
    assert shape(plan("due", 1)) != shape(plan("other", 1))
    assert [node["Node Type"] for node in nodes(plan("due", 1))] == ["Limit", "Index Scan"]


def test_the_processor_time_of_a_process_is_counted():
    with Meter(os.getpid()) as meter:
        end = time.process_time() + 0.1
        while time.process_time() < end:
            pass
    assert meter.seconds > 0
    assert meter.per_1000(1000) == pytest.approx(meter.seconds, abs=0.001)


def test_a_star_has_a_subscription_for_each_address():
    text = star(["http://127.0.0.1:1/s0", "http://127.0.0.1:1/s1"], 16)
    assert [text.count(f"url: 'http://127.0.0.1:1/s{each}'") for each in (0, 1)] == [1, 1]


def test_an_engine_that_cannot_run_here_is_said_to_be_absent(monkeypatch):
    assert (absent("postgres"), absent("nats")) == ("", "")
    monkeypatch.setattr("bench.engines.SERVER", "nats-server-of-nobody")
    assert (absent("postgres"), absent("nats")) == ("", "no nats-server-of-nobody here")
