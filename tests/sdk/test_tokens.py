"""A token is asked for once, whoever waits for it, and again before it ends."""

import asyncio

import pytest

from etoile.sdk.door.tokens import Tokens


class Service:
    def __init__(self, lifetime=100.0):
        self.lifetime, self.given, self.failure, self.open = lifetime, 0, None, asyncio.Event()
        self.open.set()

    async def __call__(self):
        await self.open.wait()
        if self.failure:
            raise self.failure
        self.given += 1
        return f"t{self.given}", self.lifetime


async def test_those_who_come_together_share_one_request_and_one_who_leaves_takes_it_from_nobody():
    tokens, service = Tokens(), Service()
    service.open.clear()
    waiting = [asyncio.ensure_future(tokens.get(("a",), service)) for _ in range(20)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    service.open.set()
    assert await asyncio.gather(*waiting[1:]) == ["t1"] * 19
    assert service.given == 1


@pytest.mark.parametrize(("lifetime", "renewed_from"), [(100.0, 75.0), (3600.0, 3570.0), (4.0, 3.0)])
async def test_a_token_is_renewed_before_it_ends(lifetime, renewed_from):
    now = [0.0]
    tokens, service = Tokens(lambda: now[0]), Service(lifetime)
    for moment, expected in ((0.0, "t1"), (renewed_from - 0.5, "t1"), (renewed_from, "t2")):
        now[0] = moment
        assert await tokens.get(("a",), service) == expected


async def test_a_refused_token_is_forgotten_once_and_the_newer_one_is_kept():
    tokens, service = Tokens(), Service()
    old = await tokens.get(("a",), service)
    tokens.forget(("a",), old)
    new = await tokens.get(("a",), service)
    tokens.forget(("a",), old)
    assert (await tokens.get(("a",), service), service.given) == (new, 2)
    assert await tokens.get(("b",), service) == "t3"


async def test_a_failure_is_told_to_all_who_wait_and_not_kept():
    tokens, service = Tokens(), Service()
    service.failure = ValueError("away")
    found = await asyncio.gather(*[tokens.get(("a",), service) for _ in range(3)], return_exceptions=True)
    assert [type(each) for each in found] == [ValueError] * 3
    service.failure = None
    assert await tokens.get(("a",), service) == "t1"
