"""Identifiers ordered by time: UUID version 7 (RFC 9562 §5.7)."""

import os
import secrets
import threading
import time
from datetime import UTC, datetime
from uuid import UUID

_RANDOM_BITS = 74
_VERSION = 0x7 << 76
_VARIANT = 0b10 << 62

_lock = threading.Lock()
_last_millisecond = 0
_last_random = 0


def uuid7() -> UUID:
    """A new UUIDv7, greater than every one this process gave before, even when the clock goes back."""
    global _last_millisecond, _last_random
    with _lock:
        now = time.time_ns() // 1_000_000
        if now > _last_millisecond:
            _last_millisecond = now
            # The first bit stays 0 so that steps within the millisecond cannot overflow.
            _last_random = secrets.randbits(_RANDOM_BITS - 1)
        else:
            _last_random += 1 + secrets.randbits(32)
            if _last_random >> _RANDOM_BITS:
                _last_millisecond += 1
                _last_random = secrets.randbits(_RANDOM_BITS - 1)
        return _assemble(_last_millisecond, _last_random)


def first_uuid7(at: datetime) -> UUID:
    """The smallest UUIDv7 of the millisecond of `at` (aware): the bound of a partition by time."""
    if at.tzinfo is None:
        raise ValueError("first_uuid7 needs an aware datetime")
    elapsed = at - datetime(1970, 1, 1, tzinfo=UTC)
    return _assemble(elapsed.days * 86_400_000 + elapsed.seconds * 1000 + elapsed.microseconds // 1000, 0)


def time_of(identifier: UUID) -> datetime:
    """When a UUIDv7 was made (UTC, to the millisecond). ValueError for another version."""
    if identifier.version != 7:
        raise ValueError(f"{identifier} is not a UUID of version 7")
    milliseconds = identifier.int >> 80
    return datetime.fromtimestamp(milliseconds // 1000, tz=UTC).replace(microsecond=milliseconds % 1000 * 1000)


def _assemble(milliseconds: int, random: int) -> UUID:
    high, low = random >> 62, random & ((1 << 62) - 1)
    return UUID(int=(milliseconds << 80) | _VERSION | (high << 64) | _VARIANT | low)


def _forget_after_fork() -> None:
    """Two children of one parent would otherwise go on from the same last value."""
    global _lock, _last_millisecond, _last_random
    _lock = threading.Lock()
    _last_millisecond = _last_random = 0


os.register_at_fork(after_in_child=_forget_after_fork)
