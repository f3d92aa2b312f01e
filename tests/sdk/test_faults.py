"""A simulated system can be told to misbehave, for so many requests, on one part of itself, or until told otherwise."""

from collections.abc import Iterator

import pytest
import urllib3

from etoile.sdk.faults import KINDS, Faults
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
        await send({"type": "http.response.body", "body": b'{"ok": true}'})


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
    with urllib3.PoolManager(retries=False, timeout=5) as pool:
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


def test_every_kind_that_has_an_answer_gives_it(http, url, faults):
    for kind in sorted(KINDS - {"down", "slow", "write_then_fail"}):
        faults.set(kind, count=1)
        answer = http.request("POST", f"{url}/api", redirect=False)
        assert answer.status != 200 or kind in ("html", "truncated")
