"""Python imports this by itself when its folder is on the path. The wall clock of the process is then wrong by as many
seconds as the file named by ETOILE_CLOCK says, read at each look at the clock. Simulated, for tests.

The clock that only goes forward (time.monotonic) is left alone, as a change of the date leaves it alone.
"""

import datetime
import os
import time
from pathlib import Path

true_time, true_time_ns, TrueDatetime = time.time, time.time_ns, datetime.datetime


def wrong_by() -> int:
    try:
        return int(Path(os.environ["ETOILE_CLOCK"]).read_text())
    except (KeyError, OSError, ValueError):
        return 0


class Kind(type):
    """Dates made by others (drivers, C code) are dates too."""

    def __instancecheck__(cls, instance):
        return isinstance(instance, TrueDatetime)

    def __subclasscheck__(cls, subclass):
        return issubclass(subclass, TrueDatetime)


class SkewedDatetime(TrueDatetime, metaclass=Kind):
    @classmethod
    def now(cls, tz=None):
        return TrueDatetime.fromtimestamp(time.time(), tz)

    @classmethod
    def utcnow(cls):
        return TrueDatetime.fromtimestamp(time.time(), datetime.UTC).replace(tzinfo=None)

    @classmethod
    def today(cls):
        return cls.now()


if "ETOILE_CLOCK" in os.environ:
    time.time = lambda: true_time() + wrong_by()
    time.time_ns = lambda: true_time_ns() + wrong_by() * 1_000_000_000
    datetime.datetime = SkewedDatetime
