"""The benchmarks' own logic, at the smallest size: what judges a run must be able to find it bad."""

import importlib
import json

import pytest
from bench.__main__ import ALL_OF_THEM, APART, NAMES, finished

from bench import report
from tests.architecture.tree import ROOT

README = (ROOT / "bench" / "README.md").read_text()
PLAIN = {"lost": 0, "repeated": 0, "foreign": 0, "out_of_order": 0}
DELIVERED = PLAIN | {"subscriptions": 1, "workers": 1, "ratio": 0.6, "per_second": 2000}
KEPT = PLAIN | {
    "run": "alone",
    "rate_kept": 1.0,
    "worker_s_per_1000": 0.4,
    "database_s_per_1000": 0.1,
    "deliveries_missing": 0,
}
GROWN = {"kind": "due", "plan": "a", "median_ms": 1.0}
LOADED = {"page": "home", "requests": 6, "kB": 60, "script kB": 20, "elsewhere": 0}
# Rows just within each bar, and the same with one thing wrong, which must cost exactly one bar.
GOOD = {
    "deliveries": [DELIVERED, DELIVERED | {"workers": 2, "ratio": 0.1, "per_second": 1}],
    "latency": [PLAIN | {"p50_ms": 10, "p95_ms": 50}] * 2,
    "intake": [
        {"kind": "single", "per_second": 1000, "statements_per_request": 6},
        {"kind": "batch", "per_second": 5000, "statements_per_request": 6},
    ],
    "isolation": [KEPT, KEPT | {"run": "in trouble", "rate_kept": 0.9, "worker_s_per_1000": 0.45}],
    "engines": [PLAIN | {"engine": "postgres"}, PLAIN | {"engine": "nats"}],
    "growth": [GROWN | {"rows": 10}, GROWN | {"rows": 1000, "median_ms": 2.0}],
    "pages": [LOADED, LOADED | {"page": "form"}],
    "forms": [
        {"kind": kind, "size": size, "conditions": 150, "each_us": 10.0 if size < 400 else 13.0}
        for kind, sizes in (("fields", (50, 200, 400)), ("rows", (20, 200)))
        for size in sizes
    ],
}
WRONG = [
    ("deliveries", 0, {"ratio": 0.59}),
    ("deliveries", 0, {"per_second": 1999}),
    ("deliveries", 1, {"lost": 1}),
    ("deliveries", 1, {"out_of_order": 1}),
    ("latency", 1, {"p50_ms": 10.1}),
    ("latency", 1, {"p95_ms": 50.1}),
    ("latency", 0, {"lost": 1}),
    ("intake", 0, {"statements_per_request": 7}),
    ("intake", 1, {"per_second": 4900}),
    ("isolation", 1, {"rate_kept": 0.89}),
    ("isolation", 1, {"database_s_per_1000": 0.2}),
    ("isolation", 1, {"out_of_order": 1}),
    ("isolation", 1, {"deliveries_missing": 1}),
    ("engines", 1, {"lost": 1}),
    ("engines", 1, {"lost": None, "out_of_order": 0}),
    ("growth", 1, {"plan": "b"}),
    ("growth", 1, {"median_ms": 2.1}),
    ("pages", 1, {"kB": 60.1}),
    ("pages", 1, {"requests": 7}),
    ("pages", 0, {"script kB": 20.1}),
    ("pages", 0, {"elsewhere": 1}),
    ("forms", 1, {"conditions": 149}),
    ("forms", 2, {"each_us": 13.2}),
    ("forms", 4, {"each_us": 13.2}),
]


def bars(name, rows):
    return importlib.import_module(f"bench.{name}").bars(rows)


@pytest.mark.parametrize("name", NAMES)
def test_rows_within_the_bars_meet_all_of_them(name):
    assert [bar["name"] for bar in bars(name, GOOD[name]) if not bar["ok"]] == []


@pytest.mark.parametrize(("name", "index", "change"), WRONG, ids=str)
def test_one_thing_wrong_costs_one_bar(name, index, change):
    rows = [dict(row) for row in GOOD[name]]
    rows[index] |= change
    assert [bar["ok"] for bar in bars(name, rows)].count(False) == 1


def test_a_bar_that_is_not_met_is_printed_as_such():
    assert report.line(report.at_least("speed", 9, 10, "/s")).endswith("NOT MET")
    assert report.line(report.at_most("lost", None, 0)).endswith("NOT MEASURED")
    assert report.line(report.at_most("lost", 0, 0)).endswith("ok")


def test_a_result_is_written_in_the_agreed_shape_and_read_back(tmp_path):
    result = {
        "name": "some",
        "machine": report.machine(),
        "rows": [{"a": 1}],
        "bars": [report.at_most("b", 1, 2, "ms")],
    }
    report.write(result, tmp_path)
    assert report.read(tmp_path) == {"some": result}
    (bar,) = result["bars"]
    assert bar == {"name": "b", "value": 1, "unit": "ms", "bar": 2, "sense": "max", "ok": True}


def test_the_table_has_a_line_for_the_names_and_one_per_row():
    assert report.table([{"a": 1, "long": None}, {"a": 22, "long": "x"}]).splitlines() == [
        "   a  long",
        "   1     -",
        "  22     x",
    ]


def test_a_result_that_is_kept_is_of_a_benchmark_that_exists():
    for file in (ROOT / "bench" / "results").glob("*.json"):
        result = json.loads(file.read_text())
        assert (result["name"], set(result)) == (file.stem, {"name", "machine", "rows", "bars"})
        assert file.stem in (*NAMES, *APART)


def test_each_benchmark_is_explained_and_all_of_them_end_in_time():
    assert [name for name in NAMES if f"make bench-{name}" not in README or f"| `{name}` |" not in README] == []
    assert [name for name in APART if f"make bench-{name}" not in README] == []
    assert ALL_OF_THEM < 15 * 60


def test_a_benchmark_for_which_no_time_is_left_is_not_begun(capsys):
    assert not finished("deliveries", 0)
    assert "no time is left" in capsys.readouterr().out
