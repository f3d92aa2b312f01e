"""A web process waits for asynchronous work without letting it take all its threads."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from etoile.runtime import background
from etoile.runtime.background import Background, BusyError


@pytest.fixture
def make() -> Iterator[Callable[..., Background]]:
    made: list[Background] = []

    def maker(**settings: int) -> Background:
        made.append(Background("essai", **settings))
        return made[-1]

    yield maker
    for each in made:
        each.close()
    until = time.monotonic() + 60
    while any(thread.name == "essai" for thread in threading.enumerate()) and time.monotonic() < until:
        time.sleep(0.005)


async def name() -> str:
    return threading.current_thread().name


def test_the_work_runs_on_one_loop_in_a_thread_of_its_own(make) -> None:
    loops = make()
    assert loops.run(name, seconds=60) == loops.run(name, seconds=60) == "essai"


def test_what_the_work_raises_is_raised_to_the_caller(make) -> None:
    async def fail() -> None:
        raise LookupError("absent")

    with pytest.raises(LookupError, match="absent"):
        make().run(fail, seconds=60)


def test_work_that_is_too_long_is_cancelled(make) -> None:
    cancelled = threading.Event()

    async def wait() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            cancelled.set()

    with pytest.raises(TimeoutError):
        make().run(wait, seconds=0.05)
    assert cancelled.wait(60)


def test_no_more_callers_wait_than_allowed_and_a_place_is_given_back(make) -> None:
    loops, inside, leave = make(places=2), threading.Semaphore(0), threading.Event()

    async def hold() -> str:
        inside.release()
        while not leave.is_set():
            await asyncio.sleep(0.005)
        return "done"

    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(loops.run, hold, seconds=120) for _ in range(2)]
        for _ in waiting:
            assert inside.acquire(timeout=60)
        with pytest.raises(BusyError):
            loops.run(name, seconds=5)
        leave.set()
        assert [each.result(60) for each in waiting] == ["done", "done"]
    assert loops.run(name, seconds=60) == "essai"


def test_work_that_blocks_the_loop_does_not_block_those_who_come_after(make, monkeypatch) -> None:
    monkeypatch.setattr(background, "PATIENCE", 0.05)
    loops, leave = make(), threading.Event()

    async def block() -> None:
        leave.wait(120)

    with pytest.raises(TimeoutError):
        loops.run(block, seconds=0.05)
    assert loops.run(name, seconds=60) == "essai"
    leave.set()


def test_a_quarter_of_the_threads_of_a_web_server_may_wait(make) -> None:
    loops, leave = make(), threading.Event()

    async def hold() -> None:
        while not leave.is_set():
            await asyncio.sleep(0.005)

    with ThreadPoolExecutor(background.WEB_THREADS) as pool:
        waiting = [pool.submit(loops.run, hold, seconds=120) for _ in range(background.WEB_THREADS)]
        refused = background.WEB_THREADS * 3 // 4
        until = time.monotonic() + 60
        while sum(each.done() for each in waiting) < refused and time.monotonic() < until:
            time.sleep(0.005)
        leave.set()
    assert sum(isinstance(each.exception(), BusyError) for each in waiting) == refused
