"""The threads that post at the same moment: who writes, what each of them is told, and for whom nobody waits."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Lock

import pytest

from etoile.hub.intake.gathering import MOST, Gathering

WAIT = 10.0


class Store:
    """Answers "written N"; can be made to stand still at an item, or to refuse one."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.reached, self.released = Event(), Event()
        self.stands_at: int | None = None
        self.refused: dict[int, Exception] = {}
        self._lock = Lock()

    def write(self, items: Sequence[int]) -> list[str]:
        with self._lock:
            self.groups.append(list(items))
        if self.stands_at in items:
            self.reached.set()
            assert self.released.wait(WAIT)
        for item in items:
            if item in self.refused:
                raise self.refused[item]
        return [f"written {item}" for item in items]

    def gathering(self, together: Callable[[int, int], bool] = lambda one, other: True) -> Gathering[int, str]:
        return Gathering(self.write, together=together, alone=lambda error: not isinstance(error, ConnectionError))


@pytest.fixture
def store() -> Store:
    return Store()


def behind_a_transaction(store: Store, gathering: Gathering[int, str], items: Sequence[int]) -> dict[int, object]:
    """Put the items while item 0 is being written, which ends once all of them wait. What each thread was told."""
    store.stands_at = 0
    told: dict[int, object] = {}

    def put(item: int) -> None:
        try:
            told[item] = gathering.put(item)
        except Exception as error:
            told[item] = error

    with ThreadPoolExecutor(len(items) + 1) as pool:
        pool.submit(put, 0)
        assert store.reached.wait(WAIT)
        for item in items:
            pool.submit(put, item)
            while item not in [ask.item for ask in gathering._waiting]:
                pass
        store.released.set()
    return told


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The threads of these tests wait as long as it takes, unless a test says otherwise."""
    monkeypatch.setattr("etoile.hub.intake.gathering.PATIENCE", WAIT)


def test_what_comes_alone_is_written_at_once(store: Store) -> None:
    gathering = store.gathering()
    assert [gathering.put(item) for item in (1, 2)] == ["written 1", "written 2"]
    assert store.groups == [[1], [2]]


def test_what_is_asked_during_a_transaction_shares_the_next_one_in_its_order(store: Store) -> None:
    told = behind_a_transaction(store, store.gathering(), [1, 2, 3])
    assert store.groups == [[0], [1, 2, 3]]
    assert told == {item: f"written {item}" for item in range(4)}


def test_what_may_not_go_together_is_written_apart(store: Store) -> None:
    told = behind_a_transaction(store, store.gathering(lambda one, other: one % 2 == other % 2), [1, 2, 3, 4])
    assert store.groups == [[0], [1, 3], [2, 4]]
    assert told == {item: f"written {item}" for item in range(5)}


def test_a_refusal_is_told_to_the_one_it_is_for(store: Store) -> None:
    store.refused[2] = ValueError("other content")
    told = behind_a_transaction(store, store.gathering(), [1, 2, 3])
    assert store.groups == [[0], [1, 2, 3], [1], [2], [3]]
    assert told == {0: "written 0", 1: "written 1", 2: store.refused[2], 3: "written 3"}


def test_a_failure_of_the_database_is_told_to_all_of_the_group_and_to_nobody_else(store: Store) -> None:
    gathering = store.gathering()
    store.refused[2] = ConnectionError("the server closed the connection")
    told = behind_a_transaction(store, gathering, [1, 2, 3])
    assert store.groups == [[0], [1, 2, 3]]
    assert [told[item] for item in (1, 2, 3)] == [store.refused[2]] * 3
    assert gathering.put(4) == "written 4"


def test_nobody_waits_behind_a_transaction_that_stands_still(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("etoile.hub.intake.gathering.PATIENCE", 0.001)
    gathering = store.gathering()
    store.stands_at = 0
    with ThreadPoolExecutor(1) as pool:
        blocked = pool.submit(gathering.put, 0)
        assert store.reached.wait(WAIT)
        assert [gathering.put(item) for item in (1, 2)] == ["written 1", "written 2"]
        assert not blocked.done()
        store.released.set()
        assert blocked.result(WAIT) == "written 0"


def test_a_group_has_a_limit_and_everyone_is_served(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST == 100
    monkeypatch.setattr("etoile.hub.intake.gathering.MOST", 2)
    told = behind_a_transaction(store, store.gathering(), [1, 2, 3, 4, 5])
    assert store.groups == [[0], [1, 2], [3, 4], [5]]
    assert told == {item: f"written {item}" for item in range(6)}


def test_in_a_crowd_each_item_is_written_once_and_each_thread_told_of_its_own(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("etoile.hub.intake.gathering.PATIENCE", 0.0005)
    gathering, threads, each = store.gathering(), 8, 50
    barrier = Barrier(threads)

    def put(first: int) -> list[str]:
        barrier.wait(WAIT)
        return [gathering.put(item) for item in range(first, first + each)]

    with ThreadPoolExecutor(threads) as pool:
        answers = list(pool.map(put, range(0, threads * each, each)))
    assert [told for one in answers for told in one] == [f"written {item}" for item in range(threads * each)]
    assert sorted(item for group in store.groups for item in group) == list(range(threads * each))
    assert not gathering._waiting and gathering._leaders == 0
