"""A simulated application stands beside the products, known to the hub, or the start is refused in plain words."""

import socket
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from etoile.runtime import doubles, ports
from etoile.runtime.plain import MisuseError
from etoile.runtime.stack import LOCAL, PortTakenError, Stack


@dataclass
class Elsewhere:
    """The double at a port of this test's own."""

    port: int
    others: tuple[int, ...] = ()
    settings: Mapping[str, str] = field(default_factory=lambda: {"GRU_X_URL": "{address}/api", "GRU_GIVEN": "ours"})

    @property
    def controls(self) -> int:
        return self.port


@pytest.fixture
def free() -> int:
    return ports.free()[0]


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    return Stack(
        environment={"ETOILE_DATA": str(tmp_path), doubles.ALLOWED: "10.0.0.1:443", "GRU_GIVEN": "theirs"},
        products=["hub"],
    )


def test_a_double_is_started_supervised_and_allowed_to_the_hub(stack, free, monkeypatch):
    monkeypatch.setattr(doubles, "_load", lambda name: Elsewhere(free))
    with stack:
        doubles.add(stack, ["webhook", "webhook"])
        assert stack.environment[doubles.ALLOWED] == f"10.0.0.1:443,{LOCAL}:{free}"
        assert stack.environment["GRU_X_URL"] == f"http://{LOCAL}:{free}/api", "what uses it is told where it is"
        assert stack.environment["GRU_GIVEN"] == "theirs", "what was given stays"
        stack.programs.start()
        stack.programs.wait_ready("double-webhook")
        with urllib.request.urlopen(doubles.page("webhook"), timeout=30) as page:
            assert "application simulée" in page.read().decode()


def test_a_name_that_nobody_installed_lists_those_that_are(stack):
    with pytest.raises(MisuseError, match="soap"):
        doubles.add(stack, ["earthquake"])


def test_a_port_already_used_is_said_before_anything_starts(stack, free, monkeypatch):
    monkeypatch.setattr(doubles, "_load", lambda name: Elsewhere(free))
    with socket.socket() as other:
        other.bind((LOCAL, free))
        other.listen()
        with pytest.raises(PortTakenError, match=f"Port {free} .double webhook."):
            doubles.add(stack, ["webhook"])
    assert stack.programs.states() == {}
