"""Expressions run for months in a worker: what they are given must be freed."""

import gc
import weakref

from etoile.expressions import cel


def test_values_that_were_read_are_freed():
    prepared = cel.Prepared({"event": {"items": [1, 2, 3]}})
    assert cel.compile("event.items.map(one, one + 1).size() == 3", ("event",)).evaluate(prepared) is True
    left = weakref.ref(prepared)
    del prepared
    gc.collect()
    assert left() is None
