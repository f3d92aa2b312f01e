"""The outgoing door, against real servers."""

import asyncio
import socket
from contextlib import aclosing, contextmanager

import pytest
from aiohttp.abc import AbstractResolver

from etoile.sdk import Door, DoorError, Part
from etoile.sdk.addresses import Allowed, RefusedAddress, is_public
from etoile.sdk.door import GuardedResolver
from etoile.sdk.testing import serve


class Site:
    """An ASGI application that answers what it is told and remembers what it was asked."""

    def __init__(self, status=200, headers=None, blocks=(b"{}",), delay=0.0):
        self.status, self.headers, self.blocks, self.delay = status, headers or {}, blocks, delay
        self.requests = []

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        headers = [(name.decode(), value.decode()) for name, value in scope["headers"]]
        self.requests.append((scope["method"], scope["path"], dict(headers), body))
        await asyncio.sleep(self.delay)
        pairs = [(name.encode(), value.encode()) for name, value in self.headers.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": pairs})
        for block in self.blocks:
            await send({"type": "http.response.body", "body": block, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def pair(address: str) -> str:
    return address.partition("://")[2]


@contextmanager
def raw_server(*answers: bytes):
    """A socket that gives each connection one of `answers` without reading more, then closes."""
    server = socket.create_server(("127.0.0.1", 0))

    async def run():
        loop = asyncio.get_running_loop()
        server.setblocking(False)
        for answer in answers:
            connection, _ = await loop.sock_accept(server)
            await loop.sock_recv(connection, 65536)
            await loop.sock_sendall(connection, answer)
            connection.close()

    with server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}", run


async def refusal(door: Door, url: str, method: str = "GET", **settings) -> DoorError:
    async with door:
        with pytest.raises(DoorError) as caught:
            await door.request(method, url, timeout=settings.pop("timeout", 5), **settings)
    return caught.value


async def test_a_request_carries_json_and_its_answer_is_read():
    site = Site(201, {"Content-Type": "application/json", "X-Number": "12"}, (b'{"id"', b": 12}"))
    with serve(site) as address:
        async with Door([pair(address)]) as door:
            response = await door.request(
                "POST", address + "/api/works?x=1", json={"é": [1, None]}, headers={"X-A": "b"}
            )
    assert (response.status, response.json(), response.headers["x-number"]) == (201, {"id": 12}, "12")
    ((method, path, headers, body),) = site.requests
    assert (method, path, body) == ("POST", "/api/works", '{"é":[1,null]}'.encode())
    assert (headers["content-type"], headers["x-a"], headers["content-length"]) == ("application/json", "b", "15")


async def test_a_form_and_raw_bytes_are_sent_as_they_are():
    site = Site()
    with serve(site) as address:
        async with Door([pair(address)]) as door:
            await door.request("POST", address, data={"grant_type": "client_credentials"})
            await door.request("PUT", address, data=b"\x00raw", headers={"Content-Type": "application/pdf"})
    assert site.requests[0][3] == b"grant_type=client_credentials"
    assert site.requests[0][2]["content-type"] == "application/x-www-form-urlencoded"
    assert (site.requests[1][3], site.requests[1][2]["content-type"]) == (b"\x00raw", "application/pdf")


async def test_a_file_is_streamed_in_a_multipart_form_with_its_name_as_browsers_write_it():
    async def content():
        for _ in range(20):
            yield b"x" * 100_000

    site = Site()
    with serve(site) as address:
        async with Door([pair(address)]) as door:
            parts = [Part("title", "été"), Part("file", content(), 'nid "de" poule é\r\nX: y.jpg', "image/jpeg")]
            await door.request("POST", address, multipart=parts)
    _, _, headers, body = site.requests[0]
    assert headers["content-type"].startswith("multipart/form-data; boundary=")
    assert 'name="file"; filename="nid %22de%22 poule é%0D%0AX: y.jpg"'.encode() in body
    assert len(body) > 2_000_000
    assert "été".encode() in body


async def test_small_parts_have_a_known_length():
    site = Site()
    with serve(site) as address:
        async with Door([pair(address)]) as door:
            await door.request("POST", address, multipart=[Part("a", "1"), Part("f", b"abc", "a.txt", "text/plain")])
    assert int(site.requests[0][2]["content-length"]) == len(site.requests[0][3])


async def test_only_one_kind_of_body_is_taken():
    async with Door(["127.0.0.1:1"]) as door:
        with pytest.raises(ValueError, match="at most"):
            await door.request("POST", "http://127.0.0.1:1/", json={}, data=b"")


async def test_a_redirect_is_given_back_and_never_followed():
    site = Site(302, {"Location": "http://127.0.0.1:1/"})
    with serve(site) as address:
        async with Door([pair(address)]) as door:
            response = await door.request("GET", address)
    assert (response.status, len(site.requests)) == (302, 1)


async def test_cookies_of_one_application_are_never_kept():
    site = Site(headers={"Set-Cookie": "session=1"})
    with serve(site) as address:
        async with Door([pair(address)]) as door:
            await door.request("GET", address)
            await door.request("GET", address)
    assert all("cookie" not in headers for _, _, headers, _ in site.requests)


async def test_connections_are_kept_for_the_next_request():
    site = Site()
    with serve(site) as address:
        async with Door([pair(address)]) as door:
            for _ in range(3):
                await door.request("GET", address)
            (session,) = door._sessions.values()
            assert sum(len(kept) for kept in session.connector._conns.values()) == 1


async def test_an_answer_too_large_is_cut():
    with serve(Site(blocks=(b"x" * 60_000,) * 20)) as address:
        error = await refusal(Door([pair(address)]), address, max_bytes=100_000)
    assert (error.kind, error.maybe_sent) == ("too_large", True)


async def test_an_answer_of_exactly_the_limit_is_read():
    with serve(Site(blocks=(b"x" * 1000,))) as address:
        async with Door([pair(address)]) as door:
            assert len((await door.request("GET", address, max_bytes=1000)).body) == 1000


async def test_an_answer_that_does_not_come_is_a_timeout():
    with serve(Site(delay=5)) as address:
        error = await refusal(Door([pair(address)]), address, timeout=0.2)
    assert (error.kind, error.maybe_sent) == ("timeout", True)
    assert "temps" in error.message


async def test_nobody_at_the_address_is_a_connection_error_and_nothing_was_sent():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    error = await refusal(Door([f"127.0.0.1:{port}"]), f"http://127.0.0.1:{port}/")
    assert (error.kind, error.maybe_sent) == ("connection", False)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"not http\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 99_000,
    ],
)
async def test_a_connection_cut_in_the_middle_may_have_done_its_work(answer):
    with raw_server(answer, answer) as (address, run):
        server = asyncio.ensure_future(run())
        error = await refusal(Door([pair(address)]), address, "POST", data=b"{}")
        server.cancel()
        await asyncio.gather(server, return_exceptions=True)
    assert (error.kind, error.maybe_sent) == ("connection", True)


async def test_html_is_not_json():
    with serve(Site(blocks=(b"<html>blocked</html>",))) as address:
        async with Door([pair(address)]) as door:
            response = await door.request("GET", address)
    with pytest.raises(ValueError, match="not JSON"):
        response.json()


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://localhost/",
        "https://10.1.2.3/",
        "https://172.16.0.1/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "https://255.255.255.255/",
        "https://[::1]/",
        "https://[::]/",
        "https://[fe80::1]/",
        "https://[fd00::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://[2002:a00:1::]/",
        "https://[2001:0:0:0:0:0:f5ff:fffe]/",
        "https://0x7f.1/",
        "https://2130706433/",
        "https://127.1/",
        "http://93.184.216.34/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "https://user:password@example.org/",
        "https://",
        "https://exa mple.org/",
        "https://example.org:99999/",
        "relative/path",
        "",
    ],
)
async def test_an_address_of_the_inside_or_badly_written_is_refused_before_anything_leaves(url):
    error = await refusal(Door(), url)
    assert (error.kind, error.maybe_sent) == ("refused_address", False)


@pytest.mark.exigence("ASVS 1.3.6")
async def test_a_name_is_judged_on_the_address_it_resolves_to():
    class Resolver(AbstractResolver):
        def __init__(self, *hosts):
            self.hosts = hosts

        async def resolve(self, host, port=0, family=socket.AF_INET):
            return [
                {"hostname": host, "host": each, "port": port, "family": family, "proto": 0, "flags": 0}
                for each in self.hosts
            ]

        async def close(self):
            pass

    mixed = GuardedResolver(Allowed(), Resolver("10.0.0.1", "93.184.216.34"))
    assert [each["host"] for each in await mixed.resolve("business.example", 443)] == ["93.184.216.34"]
    inside = GuardedResolver(Allowed(["Business.example:8443"]), Resolver("10.0.0.1"))
    with pytest.raises(RefusedAddress):
        await inside.resolve("business.example", 443)
    assert [each["host"] for each in await inside.resolve("business.example", 8443)] == ["10.0.0.1"]
    await inside.close()


async def test_only_the_allowed_port_of_an_allowed_host_is_reached():
    with serve(Site()) as allowed, serve(Site()) as other:
        async with Door([pair(allowed)]) as door:
            assert (await door.request("GET", allowed)).status == 200
            with pytest.raises(DoorError, match="https"):
                await door.request("GET", other)
            with pytest.raises(DoorError, match="interne"):
                await door.request("GET", other.replace("http:", "https:"))


@pytest.mark.parametrize("written", ["127.0.0.1", "host:", ":80", "host:http"])
def test_an_allowed_address_has_a_host_and_a_port(written):
    with pytest.raises(ValueError, match="host:port"):
        Allowed([written])


def test_an_allowed_ipv6_address_is_written_in_brackets():
    assert ("::1", 80) in Allowed(["[::1]:80"])
    assert ("example.org.", 80) in Allowed([" Example.org:80 ", ""])


@pytest.mark.parametrize(
    ("address", "public"),
    [("93.184.216.34", True), ("2606:4700::1111", True), ("64:ff9b::5db8:d822", True), ("fe80::1%eth0", False)],
)
def test_public_addresses_are_told_from_the_others(address, public):
    assert is_public(address) is public


async def test_a_body_is_streamed_block_by_block():
    with serve(Site(blocks=(b"x" * 70_000,) * 10)) as address:
        async with Door([pair(address)]) as door:
            blocks = [block async for block in door.stream("GET", address)]
    assert sum(map(len, blocks)) == 700_000
    assert max(map(len, blocks)) <= 65_536


async def test_a_stream_is_cut_at_its_limit_and_refuses_what_is_not_a_success():
    with serve(Site(blocks=(b"x" * 70_000,) * 10)) as address:
        async with Door([pair(address)]) as door:
            with pytest.raises(DoorError) as caught:
                [block async for block in door.stream("GET", address, max_bytes=100_000)]
    assert caught.value.kind == "too_large"
    with serve(Site(404)) as address:
        async with Door([pair(address)]) as door:
            with pytest.raises(DoorError) as caught:
                [block async for block in door.stream("GET", address)]
    assert (caught.value.kind, caught.value.status) == ("status", 404)


async def test_a_stream_left_early_gives_its_connection_up():
    with serve(Site(blocks=(b"x" * 70_000,) * 50)) as address:
        async with Door([pair(address)]) as door:
            async with aclosing(door.stream("GET", address)) as blocks:
                async for _ in blocks:
                    break
            (session,) = door._sessions.values()
            assert not session.connector._acquired


def test_a_door_serves_one_loop_after_the_other():
    door = None
    with serve(Site()) as address:
        door = Door([pair(address)])

        async def once():
            async with door:
                return (await door.request("GET", address)).status

        assert [asyncio.run(once()), asyncio.run(once())] == [200, 200]


async def test_a_secret_in_a_header_never_reaches_an_error():
    error = await refusal(Door(), "https://10.0.0.1/?key=canary", headers={"X-API-Key": "canary-8812"})
    assert "canary" not in f"{error} {error.message} {error!r}"
