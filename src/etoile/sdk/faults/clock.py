"""The time of a simulated system: the real one, or the one a test gives it."""

from datetime import UTC, datetime, timedelta


class Clock:
    """`at` (aware): the clock stands there until it is moved; None: it follows the real time."""

    def __init__(self, at: datetime | None = None) -> None:
        self._at = at
        self._ahead = timedelta()
        self._last = datetime.min.replace(tzinfo=UTC)

    @property
    def stands(self) -> bool:
        return self._at is not None

    @property
    def real(self) -> bool:
        """Whether nobody has touched it."""
        return not self.stands and not self._ahead

    def now(self) -> datetime:
        """In UTC."""
        return (self._at or datetime.now(UTC)) + self._ahead

    def set(self, at: datetime | None) -> None:
        """Stand at this moment, or follow the real time again. ValueError without a zone."""
        if at is not None and at.tzinfo is None:
            raise ValueError("a moment has a time zone, for example 2026-11-24T08:00:00Z")
        self._at, self._ahead = at.astimezone(UTC) if at else None, timedelta()
        self._last = datetime.min.replace(tzinfo=UTC)

    def advance(self, seconds: float) -> datetime:
        """Go forward (back, when negative); gives the new time."""
        self._ahead += timedelta(seconds=seconds)
        return self.now()

    def tick(self) -> datetime:
        """The time of one more thing done, never twice the same millisecond: a clock that stands goes one second on."""
        if self.stands:
            return self.advance(1)
        self._last = max(self.now(), self._last + timedelta(milliseconds=1))
        return self._last
