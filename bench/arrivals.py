"""What the sink heard, judged: speed, loss, repetition, order. The hub's own word is not taken for any of it."""

import math
import statistics
from collections import defaultdict
from typing import NamedTuple


class Arrival(NamedTuple):
    """One request at the sink. `path` stands for the subscription; `moment`: nanoseconds of the machine's clock."""

    path: str
    identifier: str
    moment: int


def per_second(arrivals):
    """From the first arrival to the last."""
    moments = [arrival.moment for arrival in arrivals]
    return (len(moments) - 1) / max((max(moments) - min(moments)) / 1e9, 1e-9)


def verdict(arrivals, events, paths):
    """Counted against what was accepted: every event once at every path, in the order of its subject."""
    distinct = {(arrival.path, arrival.identifier) for arrival in arrivals}
    expected = {(path, event.id) for path in paths for event in events}
    return {
        "lost": len(expected - distinct),
        "repeated": len(arrivals) - len(distinct),
        "foreign": len(distinct - expected),
        "out_of_order": out_of_order(arrivals, events),
    }


def out_of_order(arrivals, events):
    """First arrivals that came after a later one of their lane (path, subject)."""
    place = {event.id: (event.subject, event.sequence) for event in events}
    furthest, wrong, seen = defaultdict(lambda: -1), 0, set()
    for path, identifier, _ in sorted(arrivals, key=lambda arrival: arrival.moment):
        if (path, identifier) in seen or identifier not in place:
            continue
        seen.add((path, identifier))
        subject, sequence = place[identifier]
        wrong += sequence < furthest[path, subject]
        furthest[path, subject] = max(furthest[path, subject], sequence)
    return wrong


def percentile(values, share):
    """The smallest value that at least this share of the values does not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def middle(rows, name, digits=0):
    """The median of a column over the rounds of one scenario."""
    value = statistics.median(row[name] for row in rows)
    return round(value, digits) if digits else round(value)
