"""The switch: which fault is in force, for how many requests, on which part. It knows no protocol."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from etoile.sdk.faults.kinds import KINDS, VOCABULARY


@dataclass(slots=True)
class Fault:
    """One fault in force. `count`: requests still to spoil (None: until cleared); `path`: the part concerned;
    `seconds`: how slow, or how long a time-out holds; `retry_after`: seconds, for a refusal that says when to return.
    """

    fault: str
    count: int | None = None
    path: str = "/"
    seconds: float = 30.0
    retry_after: int | None = None


class Switch:
    """`kinds`: those that this system can show. Safe to set from another thread than the system's own."""

    def __init__(self, kinds: frozenset[str] = KINDS) -> None:
        unknown = kinds - KINDS
        if unknown:
            raise ValueError(f"not in the vocabulary of faults: {', '.join(sorted(unknown))}")
        self.kinds = kinds
        self.current: Fault | None = None
        self._watching: list[Callable[[Fault | None], None]] = []
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    def set(self, fault: str | None, **settings: Any) -> None:
        """Put one fault in force, or none; whoever a former one kept waiting is let go.

        Raises ValueError for a kind that this system cannot show, TypeError for an unknown setting.
        """
        if fault is not None and fault not in self.kinds:
            known = "does not show here" if fault in VOCABULARY else "is unknown"
            raise ValueError(f"the fault {fault!r} {known}, expected one of {', '.join(sorted(self.kinds))}")
        self._change(Fault(fault, **settings) if fault else None)
        for loop, lifted in tuple(self._waiting):
            with contextlib.suppress(RuntimeError):  # its loop is closed: nobody waits there any more
                loop.call_soon_threadsafe(lifted.set)

    def strikes(self, *kinds: str, path: str = "/") -> Fault | None:
        """The fault in force when it is one of these (any, without a name) and concerns `path`; used up once."""
        fault = self.current
        if fault is None or (kinds and fault.fault not in kinds) or not path.startswith(fault.path):
            return None
        if fault.count is not None:
            fault.count -= 1
            if fault.count <= 0:
                self._change(None)
        return fault

    def watch(self, told: Callable[[Fault | None], None]) -> None:
        """`told` is called with the fault in force, each time it changes, by whoever changes it."""
        self._watching.append(told)

    def _change(self, fault: Fault | None) -> None:
        self.current = fault
        for told in self._watching:
            told(fault)

    async def wait(self, seconds: float) -> None:
        """Return after so many seconds, or as soon as the fault in force changes."""
        lifted = asyncio.Event()
        waiting = (asyncio.get_running_loop(), lifted)
        self._waiting.add(waiting)
        try:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(lifted.wait(), seconds)
        finally:
            self._waiting.discard(waiting)

    def state(self) -> dict[str, Any]:
        """What is in force and what could be, for whoever asks over the wire."""
        force = asdict(self.current) if self.current else {"fault": None}
        return {**force, "kinds": sorted(self.kinds)}
