"""Simulated applications beside the products, for whoever tries things on one machine: `etoile up --double soap`.

Each is a package's own (entry point `etoile.doubles`, a module holding `DOUBLE`) and runs as `etoile double NAME`.
"""

import importlib
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import entry_points
from typing import Protocol

from etoile.runtime.plain import MisuseError
from etoile.runtime.stack import LOCAL, PortTakenError, Stack, listening

GROUP = "etoile.doubles"
ALLOWED = "HUB_ALLOWED_PRIVATE_ADDRESSES"


class Double(Protocol):
    """What is read here of a `DOUBLE`: the ports it listens on, the one of its page, what products need to use it."""

    @property
    def port(self) -> int: ...
    @property
    def others(self) -> tuple[int, ...]: ...
    @property
    def controls(self) -> int: ...
    @property
    def settings(self) -> Mapping[str, str]: ...


def add(stack: Stack, names: Sequence[str]) -> None:
    """Put these beside the products of a stack not started yet; the hub may call them.

    Raises MisuseError for a name nobody installed, PortTakenError when another program listens there.
    """
    doubles = {name: _load(name) for name in dict.fromkeys(names)}
    taken = [(name, port) for name, each in doubles.items() for port in _ports(each) if listening(LOCAL, port)]
    if taken:
        raise PortTakenError(
            "\n".join(f"Port {port} (double {name}) is used by another program." for name, port in taken)
        )
    allowed = [each for each in (stack.environment.get(ALLOWED, ""),) if each]
    allowed += [f"{LOCAL}:{port}" for each in doubles.values() for port in (each.port, *each.others)]
    if doubles:
        stack.environment[ALLOWED] = ",".join(allowed)
    for each in doubles.values():
        for variable, value in each.settings.items():
            stack.environment.setdefault(variable, value.format(address=f"http://{LOCAL}:{each.port}"))
    for name, each in doubles.items():
        argv = [sys.executable, "-m", "etoile.runtime", "double", name, "--port", str(each.port)]
        argv += ["--control-port", str(each.controls)] if each.controls != each.port else []
        argv += ["--hub", stack.address("hub")] if any(product.name == "hub" for product in stack.products) else []
        ready = f"http://{LOCAL}:{each.controls}/_double/faults"
        stack.programs.add(f"double-{name}", argv, stack.environment, ready_url=ready)


def page(name: str) -> str:
    """The address of the page that shows what a double holds."""
    return f"http://{LOCAL}:{_load(name).controls}/"


def _ports(double: Double) -> set[int]:
    return {double.port, *double.others, double.controls}


def _load(name: str) -> Double:
    entries = {entry.name: entry for entry in entry_points(group=GROUP)}
    if name not in entries:
        raise MisuseError(f"there is no double “{name}”; installed: {', '.join(sorted(entries)) or 'none'}")
    try:
        found: Double = importlib.import_module(entries[name].value).DOUBLE
    except ModuleNotFoundError as missing:
        words = f"the double “{name}” needs “{missing.name}”, which is not installed: pip install 'etoile[demo]'"
        raise MisuseError(words) from None
    return found
