import asyncio
import socket
import threading
from collections import Counter

import pytest
import uvloop

from etoile.sdk.names import AT_ONCE, Names

ADDRESS = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 0))]


class Servers:
    """Look-ups in real threads; a name that begins with `dead` is not answered until it is told so."""

    def __init__(self):
        self.answered = threading.Event()
        self.asked = Counter()

    def __call__(self, host, port, **given):
        self.asked[host] += 1
        if host.startswith("dead"):
            self.answered.wait()
            raise socket.gaierror("no answer")
        return ADDRESS


@pytest.fixture(params=[asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
def run(request):
    return request.param


def test_dead_names_do_not_delay_the_name_of_another(run):
    servers = Servers()

    async def scene():
        names = Names(servers)
        dead = [asyncio.create_task(names.resolve(f"dead{each}.example", 443)) for each in range(AT_ONCE - 1)]
        await asyncio.sleep(0)
        found = await names.resolve("living.example", 443)
        waiting = [each for each in dead if not each.done()]
        servers.answered.set()
        failed = await asyncio.gather(*dead, return_exceptions=True)
        await names.close()
        return found, len(waiting), failed

    found, waiting, failed = run(scene())
    assert [(each["host"], each["port"]) for each in found] == [("93.184.216.34", 443)]
    assert waiting == AT_ONCE - 1
    assert all(isinstance(each, socket.gaierror) for each in failed)


def test_a_dead_name_takes_one_thread_however_many_ask_and_give_up(run):
    servers = Servers()

    async def scene():
        names = Names(servers)
        for port in range(AT_ONCE):
            asked = asyncio.create_task(names.resolve("dead.example", port))
            await asyncio.sleep(0)
            asked.cancel()
        await names.resolve("living.example", 443)
        servers.answered.set()
        with pytest.raises(socket.gaierror):
            await names.resolve("dead.example", 443)
        await names.close()

    run(scene())
    assert servers.asked["dead.example"] == 1


def test_a_name_is_asked_again_once_it_was_answered(run):
    servers = Servers()

    async def scene():
        names = Names(servers)
        await names.resolve("living.example", 443)
        await names.resolve("living.example", 8443)
        await names.close()

    run(scene())
    assert servers.asked["living.example"] == 2
