"""A simulated system can be told to misbehave, for so many requests, on one part of itself, or until told otherwise."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import urllib3

from etoile.sdk.faults import HTTP, STATUSES, TELLING, VOCABULARY, About, Clock, Control, Faults, Switch
from etoile.sdk.serving import serve


class Counter:
    """An application that counts what it wrote."""

    def __init__(self) -> None:
        self.written = 0

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] != "http":
            return
        if scope["method"] == "POST":
            self.written += 1
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": b'{"number": "N-1", "label": "R\\u00e9gl\\u00e9"}'})


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.fixture
def faults(counter: Counter) -> Faults:
    return Faults(counter)


@pytest.fixture
def url(faults: Faults) -> Iterator[str]:
    with serve(faults) as address:
        yield address


@pytest.fixture
def http() -> Iterator[urllib3.PoolManager]:
    with urllib3.PoolManager(retries=False, timeout=30) as pool:
        yield pool


def test_a_fault_lasts_as_many_requests_as_asked(http, url):
    http.request("POST", f"{url}/_double/faults", json={"fault": "unavailable", "count": 2})
    assert [http.request("GET", f"{url}/api").status for _ in range(3)] == [503, 503, 200]


def test_a_fault_without_a_count_lasts_until_cleared(http, url):
    http.request("POST", f"{url}/_double/faults", json={"fault": "too_many", "retry_after": 7})
    assert http.request("GET", f"{url}/_double/faults").json()["fault"] == "too_many"
    spoilt = [http.request("GET", f"{url}/api") for _ in range(3)]
    assert {(one.status, one.headers["retry-after"]) for one in spoilt} == {(429, "7")}
    http.request("POST", f"{url}/_double/faults", json={"fault": None})
    assert http.request("GET", f"{url}/api").status == 200


@pytest.mark.parametrize(("fault", "written"), [("down", 0), ("write_then_fail", 1)])
def test_a_cut_connection_is_really_cut_before_or_after_the_writing(http, url, faults, counter, fault, written):
    faults.set(fault, count=1)
    with pytest.raises(urllib3.exceptions.ProtocolError):
        http.request("POST", f"{url}/api")
    assert counter.written == written
    assert http.request("POST", f"{url}/api").status == 200


def test_a_fault_of_writing_lets_readings_pass(http, url, faults):
    faults.set("refuse", count=1)
    assert http.request("GET", f"{url}/api").status == 200
    assert http.request("POST", f"{url}/api").status == 422


def test_a_fault_may_concern_one_part(http, url, faults):
    faults.set("html", path="/api/records")
    assert http.request("GET", f"{url}/api/other").headers["content-type"] == "application/json"
    page = http.request("GET", f"{url}/api/records/1")
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")


def test_the_page_and_the_controls_are_never_spoilt(http, url, faults):
    faults.set("down")
    assert http.request("GET", f"{url}/").status == 200
    assert http.request("GET", f"{url}/_double/anything").status == 200


@pytest.mark.parametrize("body", [b'{"fault": "earthquake"}', b'{"fault": "down", "unknown": 1}', b"{", b"[]"])
def test_an_order_that_means_nothing_is_refused_and_changes_nothing(http, url, faults, body):
    faults.set("slow")
    answer = http.request("POST", f"{url}/_double/faults", body=body)
    assert answer.status == 400
    assert answer.json()["detail"]
    assert faults.current is not None
    assert faults.current.fault == "slow"


@pytest.mark.parametrize("kind", sorted(STATUSES))
def test_every_refusal_gives_its_status_and_writes_nothing(http, url, faults, counter, kind):
    faults.set(kind, count=1)
    assert http.request("POST", f"{url}/api").status == STATUSES[kind]
    assert counter.written == 0


def test_too_many_requests_says_when_to_come_back(http, url, faults):
    faults.set("too_many")
    assert int(http.request("GET", f"{url}/api").headers["retry-after"]) > 0


def test_an_answer_that_is_spoilt_comes_after_the_writing(http, url, faults, counter):
    faults.set("truncated", count=1)
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        http.request("POST", f"{url}/api").json()
    faults.set("wrong_charset", count=1)
    answer = http.request("POST", f"{url}/api")
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    with pytest.raises(UnicodeDecodeError):
        answer.data.decode()
    assert "é" in answer.data.decode("latin-1")
    faults.set("renamed", count=1)
    assert set(http.request("POST", f"{url}/api").json()) == {"numberNew", "labelNew"}
    faults.renames = {"number": "id"}
    faults.set("renamed", count=1)
    assert set(http.request("POST", f"{url}/api").json()) == {"id", "label"}
    assert counter.written == 4


def test_a_request_handled_twice_is_answered_once(http, url, faults, counter):
    faults.set("duplicate", count=1)
    assert http.request("POST", f"{url}/api", body=b"x").json()["number"] == "N-1"
    assert counter.written == 2


def test_a_time_out_never_answers_and_lets_go_when_the_fault_is_cleared(http, url, faults, counter):
    faults.set("time_out")
    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        http.request("POST", f"{url}/api", timeout=0.2)
    faults.set(None)
    assert http.request("POST", f"{url}/api").status == 200
    assert counter.written == 1


def test_a_slow_answer_is_right_and_comes_at_once_when_the_fault_is_cleared(http, url, faults):
    faults.set("slow")
    timer = threading.Timer(0.2, faults.set, [None])
    timer.start()
    assert http.request("GET", f"{url}/api").json()["number"] == "N-1"
    timer.join()


def test_a_system_shows_only_the_kinds_it_says(counter):
    assert not HTTP & TELLING
    with pytest.raises(ValueError, match="does not show here"):
        Faults(counter).set("lost_notification")
    with pytest.raises(ValueError, match="vocabulary"):
        Switch(frozenset({"earthquake"}))
    told = Faults(counter, kinds=HTTP | TELLING)
    told.set("out_of_order", count=1)
    assert told.strikes("lost_notification") is None
    assert told.strikes("out_of_order")
    assert told.current is None


def test_a_fault_of_telling_lets_every_request_pass(http, counter):
    told = Faults(counter, kinds=HTTP | TELLING)
    told.set("lost_notification", count=1)
    with serve(told) as address:
        assert http.request("POST", f"{address}/api").status == 200
    assert told.strikes("lost_notification")


def test_each_kind_says_what_it_means_in_one_sentence_of_each_language():
    for kind in VOCABULARY.values():
        for words in (kind.french, kind.english):
            assert words.endswith("."), kind
            assert ". " not in words, kind
        assert kind.french != kind.english


def test_the_clock_stands_where_it_is_put_advances_and_follows_the_real_time_again():
    clock = Clock(datetime(2026, 11, 24, 8, tzinfo=UTC))
    assert (clock.tick() - clock.now(), clock.stands) == (timedelta(), True)
    assert clock.advance(3600) == datetime(2026, 11, 24, 9, 0, 1, tzinfo=UTC)
    clock.set(None)
    assert clock.now() <= datetime.now(UTC) <= clock.advance(60)
    with pytest.raises(ValueError, match="time zone"):
        clock.set(datetime(2026, 11, 24, 8))  # noqa: DTZ001


def test_the_controls_of_a_system_that_speaks_no_http_have_a_port_of_their_own(http):
    switch, clock = Switch(frozenset({"down", "disk_full"})), Clock()
    about = About("Dépôt <simulé>", "Un serveur de fichiers.", lambda: [{"fichier": "a&b.csv", "octets": 12}])
    with serve(Control(switch, about=about, clock=clock)) as address:
        assert http.request("POST", f"{address}/_double/faults", json={"fault": "disk_full", "count": "2"}).json() == {
            "fault": "disk_full",
            "count": 2,
            "path": "/",
            "seconds": 30.0,
            "retry_after": None,
            "kinds": ["disk_full", "down"],
        }
        assert http.request("POST", f"{address}/_double/faults", json={"fault": "html"}).status == 400
        held = http.request("GET", f"{address}/_double/held").json()
        assert (held["simulated"], held["held"]) == (True, [{"fichier": "a&b.csv", "octets": 12}])
        page = http.request("GET", f"{address}/").data.decode()
        assert "application simulée" in page
        assert "Dépôt &lt;simulé&gt;" in page
        assert "a&amp;b.csv" in page
        assert "Le disque du serveur est plein." in page
        pressed = http.request("POST", f"{address}/_double/faults", fields={"fault": ""}, encode_multipart=False)
        assert (pressed.status, switch.current) == (303, None)
        assert http.request("GET", f"{address}/elsewhere").status == 404


def test_the_clock_is_moved_over_the_wire(http, url, faults):
    order = {"at": "2026-11-24T08:00:00Z", "advance": 60}
    assert http.request("POST", f"{url}/_double/clock", json=order).json() == {
        "now": "2026-11-24T08:01:00+00:00",
        "stands": True,
    }
    curl = {"content-type": "application/x-www-form-urlencoded"}
    assert http.request("POST", f"{url}/_double/clock", body=b'{"advance": 60}', headers=curl).status == 200
    for wrong in ({"at": "tomorrow"}, {"at": "2026-11-24T08:00:00"}, {"hour": 3}, {"advance": "x"}):
        assert http.request("POST", f"{url}/_double/clock", json=wrong).status == 400
    assert http.request("POST", f"{url}/_double/clock", json={}).json()["stands"] is False
    assert faults.control.clock.stands is False
