import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etoile.contract.envelope import EnvelopeError, Event, make, parse_batch
from etoile.contract.schemas import example

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)
WORDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789-_:/é", min_size=1, max_size=40)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda child: st.lists(child, max_size=3) | st.dictionaries(TEXTS, child, max_size=3),
    max_leaves=8,
)
EVENTS = st.builds(
    make,
    st.from_regex(r"[a-z]{1,8}(\.[a-z0-9_]{1,8}){1,4}", fullmatch=True),
    source=WORDS,
    subject=TEXTS,
    authority=st.from_regex(r"[0-9]{14}", fullmatch=True),
    data=st.dictionaries(TEXTS, JSON, max_size=4),
    sequence=st.none() | st.integers(0, 2**31 - 1),
    correlationid=st.none() | WORDS,
    id=st.none() | WORDS,
    time=st.none() | st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)


def submitted() -> dict:
    return example("org.etoile.case.submitted.v1").to_dict()


def refusal(raw) -> dict[str, str]:
    with pytest.raises(EnvelopeError) as caught:
        Event.from_dict(raw)
    return {each.pointer: each.detail for each in caught.value.violations}


@given(EVENTS)
def test_an_event_comes_back_the_same_from_each_form(event):
    assert Event.from_json(event.to_json()) == event
    assert Event.from_dict(event.to_dict()) == event
    assert Event.from_binary(*event.to_binary()) == event
    assert parse_batch(b"[" + event.to_json() + b"," + event.to_json() + b"]") == [event, event]


@given(EVENTS)
def test_the_digest_does_not_depend_on_how_the_same_event_was_written(event):
    reordered = dict(reversed(event.to_dict().items()))
    spaced = json.dumps(reordered, indent=3, ensure_ascii=True).encode()
    assert Event.from_json(spaced).digest() == event.digest()
    assert Event.from_binary(*event.to_binary()).digest() == event.digest()
    assert len(event.digest()) == 32


@given(EVENTS, JSON)
def test_other_data_under_the_same_envelope_has_another_digest(event, value):
    changed = event.with_data({**event.data, "changed": [value, "something new"]})
    assert changed.digest() != event.digest()
    assert (changed.id, changed.source, changed.subject) == (event.id, event.source, event.subject)


def test_the_same_instant_in_another_time_zone_is_the_same_event():
    event = make("a.b", source="x", subject="s", authority="0" * 14, data={}, time=datetime(2026, 1, 1, 12, tzinfo=UTC))
    raw = event.to_dict() | {"time": "2026-01-01T13:00:00+01:00"}
    assert Event.from_dict(raw) == event
    assert Event.from_dict(raw).digest() == event.digest()


def test_a_new_event_has_an_ordered_identifier_and_the_time_of_now():
    first = make("a.b", source="x", subject="s", authority="0" * 14, data={})
    second = make("a.b", source="x", subject="s", authority="0" * 14, data={})
    assert first.id < second.id
    assert abs(first.time - datetime.now(UTC)) < timedelta(hours=1)


def test_a_made_event_is_checked_as_a_received_one():
    with pytest.raises(EnvelopeError) as caught:
        make("A", source="", subject="s", authority="12", data={})
    assert [each.pointer for each in caught.value.violations] == ["/source", "/type", "/authority"]


@pytest.mark.parametrize("value", ["nul\x00", "\ud800", float("nan"), 2**63, datetime(2026, 1, 1), (1, 2), {1: 2}])  # noqa: DTZ001
def test_data_that_another_reader_could_not_keep_is_refused_before_it_is_sent(value):
    with pytest.raises(EnvelopeError) as caught:
        make("a.b", source="x", subject="s", authority="0" * 14, data={"list": [{"deep": value}]})
    assert [each.pointer for each in caught.value.violations] == ["/data"]


def test_everything_that_is_missing_is_said_at_once():
    assert set(refusal({})) == {
        "/specversion",
        "/id",
        "/source",
        "/type",
        "/subject",
        "/time",
        "/authority",
        "/data",
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("specversion", "0.3"),
        ("id", ""),
        ("id", "a b"),
        ("id", "x" * 129),
        ("id", 12),
        ("id", "line\nfeed"),
        ("source", "x" * 129),
        ("type", "Org.Etoile"),
        ("type", "nodots"),
        ("type", "org..v1"),
        ("subject", "x" * 257),
        ("subject", "bell\x07"),
        ("time", "2026-01-01"),
        ("time", "2026-01-01T00:00:00"),
        ("time", "2026-02-30T00:00:00Z"),
        ("time", "2026-01-01T00:00:00+25:00"),
        ("time", "٢٠٢٦-01-01T00:00:00Z"),
        ("time", 1767225600),
        ("authority", "2149099990001"),
        ("authority", 21490999900017),
        ("authority", "2149099990001٧"),
        ("sequence", -1),
        ("sequence", 2**31),
        ("sequence", True),
        ("sequence", 1.5),
        ("sequence", "x"),
        ("correlationid", ""),
        ("dataschema", "has space"),
        ("datacontenttype", "application/xml"),
        ("data", []),
        ("data", "text"),
        ("data_base64", "e30="),
        ("Upper", "x"),
        ("with-dash", "x"),
        ("x" * 21, "x"),
        ("nested", {"a": 1}),
        ("big", 2**31),
        ("decimal", 1.5),
        ("long", "x" * 1025),
        ("lines", "a\nb"),
    ],
)
def test_a_wrong_attribute_is_named_by_its_pointer(name, value):
    assert list(refusal(submitted() | {name: value})) == [f"/{name}"]


def test_a_null_attribute_is_an_absent_one():
    event = Event.from_dict(submitted() | {"sequence": None, "correlationid": None, "colour": None})
    assert (event.sequence, event.correlationid, dict(event.extensions)) == (None, None, {})


def test_unknown_extensions_are_kept_and_counted_in_the_digest():
    plain = Event.from_dict(submitted())
    extended = Event.from_dict(submitted() | {"traceparent": "00-ab-cd-01", "urgent": True, "rank": 3, "empty": ""})
    assert dict(extended.extensions) == {"traceparent": "00-ab-cd-01", "urgent": True, "rank": 3, "empty": ""}
    assert extended.to_dict()["urgent"] is True
    assert extended.digest() != plain.digest()


def test_too_many_extensions_are_refused():
    assert "" in refusal(submitted() | {f"e{number}": "x" for number in range(21)})


def test_a_sequence_written_as_a_text_of_digits_is_read():
    assert Event.from_dict(submitted() | {"sequence": "0000000012"}).sequence == 12


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"\xff\xfe", "UTF-8"),
        (b"{", "Not JSON"),
        (b"", "Not JSON"),
        (b"[1]", "object"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": 1e400}', "too large"),
        (b'{"a": -Infinity}', "Infinity"),
        (b'{"id": "a", "id": "b"}', "twice"),
        (b'{"a": "\\u0000"}', "U+0000"),
        (b'{"\\ud800": 1}', "surrogate"),
        (b'{"a": ["\\udc00"]}', "surrogate"),
        (b"[" * 200_000, "nested"),
        (b'{"a": ' + b"9" * 5000 + b"}", "64 bits"),
        (b'{"a": 9223372036854775808}', "64 bits"),
    ],
)
def test_a_body_that_two_readers_could_understand_differently_is_refused(body, word):
    with pytest.raises(EnvelopeError) as caught:
        Event.from_json(body)
    assert word in str(caught.value)


def test_an_escaped_backslash_is_not_taken_for_a_forbidden_character():
    event = make("a.b", source="x", subject="s", authority="0" * 14, data={"path": "C:\\u0000", "é": "\u00e9"})
    assert Event.from_json(json.dumps(event.to_dict()).encode()) == event


def test_a_batch_is_refused_whole_and_says_which_events_are_wrong():
    good = submitted()
    bad_source, bad_data = submitted() | {"source": ""}, submitted() | {"data": []}
    with pytest.raises(EnvelopeError) as caught:
        parse_batch(json.dumps([good, bad_source, good, bad_data, 3]).encode())
    assert [each.pointer for each in caught.value.violations] == ["/1/source", "/3/data", "/4"]


def test_a_batch_is_an_array():
    with pytest.raises(EnvelopeError, match="array"):
        parse_batch(b"{}")
    assert parse_batch(b"[]") == []


def test_the_binary_form_is_read_whatever_the_case_of_its_headers():
    headers, body = Event.from_dict(submitted() | {"subject": 'été "100 %"'}).to_binary()
    shouted = {name.upper(): value for name, value in headers.items()} | {"Host": "hub.example", "Accept": "*/*"}
    assert Event.from_binary(shouted, body).subject == 'été "100 %"'
    assert all(value.isascii() for value in headers.values())


def test_the_binary_form_says_where_its_data_is_wrong():
    headers, _ = Event.from_dict(submitted()).to_binary()
    with pytest.raises(EnvelopeError) as caught:
        Event.from_binary(headers, b"<html>")
    assert [each.pointer for each in caught.value.violations] == ["/data"]


def test_a_header_that_is_not_utf8_once_decoded_is_refused():
    headers, body = Event.from_dict(submitted()).to_binary()
    with pytest.raises(EnvelopeError) as caught:
        Event.from_binary(headers | {"ce-subject": "%ff"}, body)
    assert [each.pointer for each in caught.value.violations] == ["/subject"]


def test_a_naive_time_is_refused():
    with pytest.raises(ValueError, match="aware"):
        make("a.b", source="x", subject="s", authority="0" * 14, data={}, time=datetime(2026, 1, 1))  # noqa: DTZ001


def test_an_event_is_written_in_utc():
    paris = timezone(timedelta(hours=2))
    event = make(
        "a.b", source="x", subject="s", authority="0" * 14, data={}, time=datetime(2026, 7, 1, 10, tzinfo=paris)
    )
    assert event.to_dict()["time"] == "2026-07-01T08:00:00Z"


def test_an_event_says_by_itself_that_nobody_has_to_receive_it():
    told = make("a.b", source="x", subject="s", authority="0" * 14, data={}, for_nobody=True)
    assert Event.from_json(told.to_json()).for_nobody
    assert told.to_dict()["receiver"] == "optional"
    assert not make("a.b", source="x", subject="s", authority="0" * 14, data={}).for_nobody
