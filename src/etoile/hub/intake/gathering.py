"""Events posted one by one at the same moment share a transaction.

The commits that wake workers come one after the other in PostgreSQL, each with its write to the disk. So when the
thread that is in one comes out, one of those that asked meanwhile takes the lot. Nobody waits for company: an event
that comes alone is written at once. Nobody waits long for another either: after `PATIENCE` (seconds), what nobody has
taken is written by its own thread, beside the transaction that lasts.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

PATIENCE = 0.02
MOST = 100


class _Ask(Generic[T, R]):
    """One item, and the thread that waits for what becomes of it. Its state changes under the lock of the gathering."""

    __slots__ = ("answer", "error", "item", "leads", "signal", "taken")

    def __init__(self, item: T) -> None:
        self.item = item
        self.taken = self.leads = False
        self.answer: R | None = None
        self.error: BaseException | None = None
        self.signal = threading.Lock()
        self.signal.acquire()

    def result(self) -> R:
        if self.error is not None:
            raise self.error
        return self.answer  # type: ignore[return-value]


class Gathering(Generic[T, R]):
    """`write(items)` gives one answer for each item, all or nothing, in a transaction of its own.

    `together(first, other)`: may the two share one. When a group fails for a reason that `alone` accepts, each of its
    items is written by itself, so that only the one to blame is told; any other failure is told to all of them.
    """

    def __init__(
        self,
        write: Callable[[Sequence[T]], Sequence[R]],
        *,
        together: Callable[[T, T], bool],
        alone: Callable[[BaseException], bool],
    ) -> None:
        self._write, self._together, self._alone = write, together, alone
        self._lock = threading.Lock()
        self._waiting: deque[_Ask[T, R]] = deque()
        self._leaders = 0

    def put(self, item: T) -> R:
        """Written, when it returns. Raises what `write` raised for this item."""
        ask: _Ask[T, R] = _Ask(item)
        with self._lock:
            self._waiting.append(ask)
            if self._leaders == 0:
                self._leaders, ask.leads = 1, True
        if not ask.leads:
            self._wait(ask)
        if ask.leads:
            self._lead(ask)
        return ask.result()

    def _wait(self, ask: _Ask[T, R]) -> None:
        """Until it is written, or its thread has to lead."""
        if ask.signal.acquire(timeout=PATIENCE):
            return
        with self._lock:
            if not ask.taken and not ask.leads:
                self._leaders, ask.leads = self._leaders + 1, True
                return
        ask.signal.acquire()

    def _lead(self, own: _Ask[T, R]) -> None:
        with self._lock:
            group = self._take(own)
        try:
            self._answer(group)
        finally:
            with self._lock:
                heir = next((ask for ask in self._waiting if not ask.leads), None)
                if heir is None:
                    self._leaders -= 1
                else:
                    heir.leads = True
                    heir.signal.release()
            for ask in group:
                if ask is not own:
                    ask.signal.release()

    def _take(self, own: _Ask[T, R]) -> list[_Ask[T, R]]:
        """Its own and those that may go with it, in the order in which they came. Another leader's are left to it."""
        group = [ask for ask in self._waiting if ask is own or (not ask.leads and self._together(own.item, ask.item))]
        group = group[:MOST] if own in group[:MOST] else [own]
        for ask in group:
            ask.taken = True
            self._waiting.remove(ask)
        return group

    def _answer(self, group: Sequence[_Ask[T, R]]) -> None:
        try:
            for ask, answer in zip(group, self._write([ask.item for ask in group]), strict=True):
                ask.answer = answer
        except BaseException as error:
            if len(group) > 1 and self._alone(error):
                for ask in group:
                    self._answer([ask])
                return
            for ask in group:
                ask.error = error
