"""How many lanes of one application a worker takes: it must not depend on how its work comes in."""

from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from etoile.hub.worker.dispatch import CAPACITY, Dispatcher

OTHERS = 9
OWN = CAPACITY // 2 // (OTHERS + 1)


@given(steps=st.lists(st.integers(1, 40), min_size=1, max_size=30))
def test_who_answers_to_nothing_holds_its_own_part_and_half_of_what_is_lent_however_slowly_it_fills(steps):
    views = [view(number) for number in range(OTHERS + 1)]
    snapshot = SimpleNamespace(subscriptions={each.id: each for each in views})
    dispatcher = Dispatcher("w", SimpleNamespace(run=None), SimpleNamespace(run=None), None, None)
    for due in steps:
        (room,) = dispatcher._rooms(snapshot, views[:1])
        dispatcher._busy[0] += min(room, due)
    assert dispatcher._busy[0] <= OWN + CAPACITY // 4


def view(number):
    return SimpleNamespace(id=number, active=True, pull=False, policy=SimpleNamespace(concurrency=200))
