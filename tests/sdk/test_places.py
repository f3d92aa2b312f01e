"""The door for what is not HTTP: sockets to allowed addresses, folders that were opened."""

import asyncio
import socket

import pytest

from etoile.sdk import Door, DoorError, exchanges
from etoile.sdk.addresses import Allowed, RefusedAddress
from etoile.sdk.places import Folders, connect


@pytest.fixture
def listening():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.exigence("ASVS 1.3.6")
async def test_a_private_address_is_refused_unless_it_was_allowed(listening):
    with pytest.raises(RefusedAddress):
        await connect("127.0.0.1", listening, Allowed(), timeout=5)
    with await connect("127.0.0.1", listening, Allowed([f"127.0.0.1:{listening}"]), timeout=5) as connection:
        assert connection.getpeername()[1] == listening


@pytest.mark.parametrize("host", ["localhost", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "0x7f.1"])
async def test_no_way_of_writing_an_inside_address_passes(host):
    async with Door() as door:
        with pytest.raises(DoorError) as refused:
            await door.connect(host, 22)
    assert refused.value.kind in ("refused_address", "connection")


async def test_a_closed_port_and_an_unknown_name_are_told_alike(listening):
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = server.getsockname()[1]
    async with Door([f"127.0.0.1:{closed}", "nowhere.invalid:22"]) as door:
        for host, port in (("127.0.0.1", closed), ("nowhere.invalid", 22)):
            with pytest.raises(DoorError) as failed:
                await door.connect(host, port)
            assert failed.value.kind == "connection"


async def test_a_server_that_does_not_answer_is_left_in_time(monkeypatch):
    async def never(*_):
        await asyncio.Event().wait()

    monkeypatch.setattr(asyncio.get_running_loop(), "sock_connect", never)
    async with Door(["127.0.0.1:9"]) as door:
        with pytest.raises(DoorError) as failed:
            await door.connect("127.0.0.1", 9, timeout=0.05)
    assert failed.value.kind == "timeout"


def test_only_what_is_below_an_opened_folder_is_given(tmp_path):
    (tmp_path / "open" / "below").mkdir(parents=True)
    (tmp_path / "open" / "link").symlink_to(tmp_path)
    folders = Folders([tmp_path / "open"])
    assert folders.find(tmp_path / "open" / "below") == tmp_path / "open" / "below"
    for wrong in (tmp_path, tmp_path / "open" / "..", tmp_path / "open" / "link", tmp_path / "opened", "open", "/"):
        with pytest.raises(RefusedAddress):
            folders.find(wrong)
    with pytest.raises(RefusedAddress):
        Folders().find(tmp_path)


def test_the_root_of_the_machine_cannot_be_opened():
    with pytest.raises(ValueError, match="root"):
        Folders(["/"])


def test_an_exchange_in_another_protocol_is_kept_as_evidence():
    with exchanges.recorded() as calls:
        with Door().exchange("PUT", "sftp://server/in/a.csv", b"a;b") as call:
            call.status = 201
        with pytest.raises(DoorError), Door().exchange("PUT", "sftp://server/in/b.csv"):
            raise TimeoutError
    assert [(each.method, each.status, each.error) for each in calls] == [("PUT", 201, None), ("PUT", None, "timeout")]
