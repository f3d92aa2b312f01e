"""When a failed delivery is tried again: a list anyone can read, the same in docs/guarantees.md."""

import random
from collections.abc import Callable, Sequence

MINUTE = 60.0
HOUR = 60 * MINUTE

FIRST_DELAYS = (0.0, 5.0, 30.0, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, 1 * HOUR, 3 * HOUR, 6 * HOUR)
LATER = 12 * HOUR
LAST = 7 * 24 * HOUR
JITTER = 0.1
# However long a receiver asks to be left alone.
LONGEST_WAIT = 24 * HOUR


def _until_the_seventh_day() -> tuple[float, ...]:
    delays = list(FIRST_DELAYS)
    while sum(delays) + LATER <= LAST:
        delays.append(LATER)
    return tuple(delays)


# Seconds before each try, counted from the end of the one before. The first goes at once.
DELAYS = _until_the_seventh_day()


def next_delay(
    tries: int,
    *,
    delays: Sequence[float] = DELAYS,
    retry_after: float | None = None,
    spread: Callable[[float, float], float] = random.uniform,
) -> float | None:
    """Seconds to wait after the `tries`-th try failed; None when it was the last.

    A receiver that says how long to wait (`Retry-After`) is never called sooner, nor later than a day because of it.
    The delay moves by a tenth either way, so that what failed together does not come back together.
    """
    if tries >= len(delays):
        return None
    delay = delays[tries] * spread(1 - JITTER, 1 + JITTER)
    if retry_after is not None:
        delay = max(delay, min(retry_after, LONGEST_WAIT))
    return delay
